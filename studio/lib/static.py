from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """Hashed names for stylesheets, pictures and for our modules that import one another."""

    support_js_module_import_aggregation = True
    # Only our own folder: a package's script may speak of an import in a comment.
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],  # type: ignore[attr-defined]  # not in the stubs
    )
