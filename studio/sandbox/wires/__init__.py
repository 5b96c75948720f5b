"""How each vendor speaks: paths, keys, bodies, words for states, errors."""
