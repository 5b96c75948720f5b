from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """Hashed names for stylesheets, pictures and for the modules that import one another."""

    support_js_module_import_aggregation = True
