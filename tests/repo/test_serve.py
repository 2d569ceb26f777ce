"""tools/serve.py serves a folder on this machine, at an address that it prints."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "tools"


@pytest.fixture
def site(tmp_path):
    (tmp_path / "index.html").write_text("<p>你好</p>", encoding="utf-8")
    (tmp_path / "code.js").write_text("1")
    return tmp_path


@pytest.fixture
def serve(site):
    started = []

    def start(*arguments):
        command = [sys.executable, TOOLS / "serve.py", site, *arguments]
        buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=buffered)
        started.append(server)
        too_late = threading.Timer(60, server.kill)
        too_late.start()
        try:
            for line in server.stdout:
                if line.startswith("http"):
                    return server, line.rstrip("\n")
        finally:
            too_late.cancel()
        raise AssertionError(f"no address printed; {server.stderr.read()}")

    yield start
    for server in started:
        server.kill()
        server.wait()
        server.stdout.close()
        server.stderr.close()


def get(address):
    """Directly, whatever proxy the environment names."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=60)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def test_serves_the_folder_at_the_address_it_prints(serve):
    _, address = serve()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
    with get(address) as page:
        assert page.read().decode() == "<p>你好</p>"
        assert page.headers["Cache-Control"] == "no-cache"
    with get(address + "code.js") as script:
        assert script.headers["Content-Type"] == "text/javascript"


def test_the_port_can_be_chosen_and_a_second_server_finds_another(serve):
    port = free_port()
    assert serve(str(port))[1] == f"http://127.0.0.1:{port}/"
    assert serve()[1] != serve()[1]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_ctrl_c_ends_it_quietly(serve):
    server, _ = serve()
    server.send_signal(signal.SIGINT)
    assert server.wait(timeout=60) == 0
    assert server.stderr.read() == ""


def refused(*arguments):
    command = [sys.executable, TOOLS / "serve.py", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_says_what_to_do_about_a_bad_port_or_a_missing_site(site, tmp_path_factory):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for bad in (port, "http", 123456):
            result = refused(site, bad)
            assert result.returncode == 1
            assert "make book PORT=8123" in result.stderr
    result = refused(tmp_path_factory.mktemp("empty"))
    assert result.returncode == 1
    assert "make build" in result.stderr
