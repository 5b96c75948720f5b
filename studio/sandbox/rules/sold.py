"""All that is sold, by provider, path and name."""

from studio.sandbox.refusals import Refused, Why
from studio.sandbox.rules import jiekou, vidu, zhipu
from studio.sandbox.rules.model import Model

PROVIDERS = ("zai", "bigmodel", "jiekou", "vidu", "relay")
MODELS = (*zhipu.MODELS, *jiekou.MODELS, *vidu.MODELS)

_BY_NAME = {(model.provider, model.endpoint, model.name): model for model in MODELS}


def find(provider: str, endpoint: str, name: object) -> Model:
    """Raises Refused where nothing of that name is sold there."""
    if not isinstance(name, str):
        raise Refused(Why.LACKING, "model must be a string")
    model = _BY_NAME.get((provider, endpoint, name))
    if model is None:
        raise Refused(Why.MODEL, f"the model {name} does not exist here")
    return model
