"""Serve a folder on this machine alone: python tools/serve.py _build/html [port]"""

import contextlib
import functools
import os
import sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Handler(SimpleHTTPRequestHandler):
    # Windows takes these from its registry, where other programs leave wrong ones.
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".css": "text/css",
        ".ipynb": "application/x-ipynb+json",
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".svg": "image/svg+xml",
        ".whl": "application/octet-stream",
        ".woff": "font/woff",
        ".woff2": "font/woff2",
    }

    def end_headers(self):
        # After a rebuild the reader reloads the page and gets the new one.
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_request(self, code="-", size="-"):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    # On Windows this flag would let two servers share one port.
    allow_reuse_address = os.name != "nt"

    def handle_error(self, request, client_address):
        # A browser that leaves a page drops its connections; that is no error.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def open_server(folder, port):
    handler = functools.partial(Handler, directory=folder)
    if port:
        return Server(("127.0.0.1", int(port)), handler)
    try:
        # The same address each time, where it is free: the browser keeps the chosen language by address.
        return Server(("127.0.0.1", 8000), handler)
    except OSError:
        return Server(("127.0.0.1", 0), handler)


def main(folder, port=""):
    if not Path(folder, "index.html").is_file():
        sys.exit(f"There is no page at {folder}/index.html. Build the site first: make build")
    try:
        server = open_server(folder, port)
    except (OSError, OverflowError, ValueError) as error:
        sys.exit(f"Cannot serve on port {port}: {error}. Choose another, as in: make book PORT=8123")
    with server, contextlib.suppress(KeyboardInterrupt):
        print("The book is at this address; press Ctrl-C to stop.")
        print(f"http://127.0.0.1:{server.server_port}/", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
