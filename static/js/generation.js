// One generation: its player. Stars, reject and tags have their keys in the markup.
import "./player.js";
