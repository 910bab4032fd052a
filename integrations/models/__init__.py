from integrations.models.load import Load
from integrations.models.load_change import LoadChange
from integrations.models.load_chunk import LoadChunk
from integrations.models.load_error import LoadError
from integrations.models.remembered_mapping import RememberedMapping

__all__ = ["Load", "LoadChange", "LoadChunk", "LoadError", "RememberedMapping"]
