"""OpenSearch nodes on loopback, each in a process of its own: started, killed, revived and stopped.

`python -m tests.cluster.nodes [--nodes 3]` starts some, prints their addresses, and stops them when it is interrupted.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
#: Where the jars and the compiled launcher are kept between runs.
BUILT = HERE.parents[1] / "build" / "cluster"
HEAP = "512m"
#: Seconds that a slow machine is given: for the artefacts, for a node to start and join, for the cluster to calm down.
FETCHING, STARTING, SETTLING = 300, 180, 120


class Unavailable(Exception):
    """There can be no cluster here; the sentence says why."""


def class_path() -> str:
    """The class path of the launcher and the server, which are fetched and compiled when they are not there yet.

    Raises Unavailable without Java, and without Maven or the artefacts where they are not there yet.
    """
    if not shutil.which("java"):
        raise Unavailable("there is no java here")
    sources = [HERE / "pom.xml", HERE / "ClusterNode.java"]
    place = BUILT / sha256(b"".join(p.read_bytes() for p in sources)).hexdigest()[:16]
    lib, classes = place / "lib", place / "classes"
    if not (classes / "ClusterNode.class").exists():
        for program in ("mvn", "javac"):
            if not shutil.which(program):
                raise Unavailable(f"there is no {program} here")
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        _run("the artefacts cannot be had", "mvn", "--quiet", "--batch-mode", "--file", str(sources[0]),
             "dependency:copy-dependencies", f"-DoutputDirectory={lib}")  # fmt: skip
        _run("the launcher does not compile", "javac", "-cp", f"{lib}/*", "-d", str(classes), str(sources[1]))
    return f"{classes}{os.pathsep}{lib}/*"


def _run(what: str, *command: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=FETCHING)
    except subprocess.TimeoutExpired:
        raise Unavailable(f"{what}: nothing came in {FETCHING} seconds") from None
    if done.returncode:
        raise Unavailable(f"{what}: {(done.stdout + done.stderr).strip()[-500:]}")


class Nodes:
    """A cluster of some nodes, for the length of a `with`."""

    def __init__(self, folder: Path, count: int = 3, heap: str = HEAP, **settings: str) -> None:
        self.folder = folder
        self.heap = heap
        self._http, self._transport = _free_ports(count), _free_ports(count)
        self._settings = settings
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._class_path = class_path()

    @property
    def urls(self) -> list[str]:
        """The address of every node, also of those that do not run."""
        return [f"http://127.0.0.1:{port}" for port in self._http]

    def __enter__(self) -> Nodes:
        try:
            for node in range(len(self._http)):
                self.start(node)
            self.settle(nodes=len(self._http))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running.values():
            if process.stdin:
                process.stdin.close()
        for node in list(self._running):
            try:
                self._running[node].wait(30)
            except subprocess.TimeoutExpired:
                self.kill(node)
        self._running.clear()

    def start(self, node: int) -> None:
        """Start a node; it need not have joined the others when this returns."""
        home = self.folder / f"node{node}"
        (home / "config").mkdir(parents=True, exist_ok=True)
        settings = {
            "cluster.name": "refcheck-tests",
            "node.name": f"node{node}",
            "path.home": str(home),
            "network.host": "127.0.0.1",
            "http.port": str(self._http[node]),
            "transport.port": str(self._transport[node]),
            "discovery.seed_hosts": ",".join(f"127.0.0.1:{port}" for port in self._transport),
            "cluster.initial_cluster_manager_nodes": ",".join(f"node{i}" for i in range(len(self._http))),
            # The disk of the machine that runs the tests is not their subject.
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            # A node that was killed is given up at once: nobody waits a minute for it to come back.
            "cluster.fault_detection.leader_check.timeout": "10s",
            **self._settings,
        }
        command = ["java", f"-Xms{self.heap}", f"-Xmx{self.heap}", "-cp", self._class_path, "ClusterNode"]
        with (home / "log").open("ab") as log:
            self._running[node] = subprocess.Popen(
                [*command, *(f"{name}={value}" for name, value in settings.items())],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=home,
            )

    def kill(self, node: int) -> None:
        """End a node as a power cut would."""
        process = self._running.pop(node)
        process.kill()
        process.wait()

    def ask(self, path: str, body: Any = None, method: str = "", node: int = 0) -> Any:
        """What a node answers."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(
            self.urls[node] + path,
            data,
            {"content-type": "application/json"},
            method=method or ("POST" if data else "GET"),
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def settle(self, status: str = "green", nodes: int | None = None, node: int = 0) -> None:
        """Wait until the cluster is as it should be. Raises Unavailable where that takes too long, RuntimeError where a
        node has ended by itself.
        """
        path = f"/_cluster/health?wait_for_no_initializing_shards=true&timeout=2s&wait_for_status={status}"
        if nodes:
            path += f"&wait_for_nodes={nodes}"

        def calm() -> bool:
            for each, process in self._running.items():
                if process.poll() is not None:
                    log = (self.folder / f"node{each}" / "log").read_text(errors="replace")
                    raise RuntimeError(f"a node has ended by itself: {log[-2000:]}")
            return not self.ask(path, node=node)["timed_out"]

        wait(calm, STARTING + SETTLING)


def wait(until: Callable[[], bool], seconds: float = SETTLING) -> None:
    """Wait until something is so; a cluster that does not answer yet is not so. Raises Unavailable."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if until():
                return
        except (OSError, urllib.error.URLError):
            pass
        time.sleep(0.3)
    raise Unavailable(f"the cluster did not come to it in {seconds:.0f} seconds")


def _free_ports(count: int) -> list[int]:
    held = [socket.socket() for _ in range(count)]
    try:
        for each in held:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in held]
    finally:
        for each in held:
            each.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--heap", default=HEAP)
    parser.add_argument("--folder", type=Path, help="where the data is kept (else in a folder that is deleted)")
    a = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, Nodes(a.folder or Path(temporary), a.nodes, a.heap) as nodes:
        print(*nodes.urls, flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
