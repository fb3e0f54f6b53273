"""The index over HTTP, on this machine: what `tetrapla.open` gives, as JSON, described by OpenAPI at /openapi.json.

    GET /api/query?q=concept:reverse-enclave lang:es&parallel=true     /api/count        /api/frequency
    GET /api/collocations  /api/dispersion  /api/cooccurrence           /api/renderings
    GET /api/sources  /api/concepts  /api/concepts/{name}  /api/passages/{number}  /api/beads/{name}

Nothing can be changed. A page from elsewhere in a browser cannot ask: only requests to this machine's own names are
answered (so that a name that was turned to 127.0.0.1 is not), and answers are for no other origin.
"""

from tetrapla.api._app import application
from tetrapla.api._serve import LOCAL, serve

__all__ = ["LOCAL", "application", "serve"]
