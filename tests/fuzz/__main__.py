"""Fuzz the targets one after the other, each in a process of its own: `python -m tests.fuzz [TARGET …] --seconds 10`.

With atheris (`pip install atheris`: Linux, CPython 3.11 to 3.13) coverage guides it; else hypothesis changes the
samples. An input that breaks a target is written to `fixtures/fuzz/TARGET/`, where the tests run it from then on.
Exit status 1 where anything broke.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import pkgutil
import subprocess
import sys
import tempfile
import time
import traceback
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOUND = ROOT / "fixtures" / "fuzz"
HANG = 20  # seconds for one input


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    parser.add_argument("--seconds", type=int, default=10, help="for each target (default: 10)")
    parser.add_argument("--engine", choices=("atheris", "hypothesis"), help="default: atheris where it is installed")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    engine = given.engine or ("atheris" if find_spec("atheris") else "hypothesis")
    if given.here:
        (with_atheris if engine == "atheris" else with_hypothesis)(given.targets[0], given.seconds)
        return 0
    from tests.fuzz.targets import TARGETS

    if unknown := set(given.targets) - set(TARGETS):
        parser.error(f"there is no target {sorted(unknown)[0]}; there are {', '.join(TARGETS)}")
    broken = [name for name in given.targets or TARGETS if not survived(name, engine, given.seconds)]
    print(f"{engine}: {len(broken)} of {len(given.targets or TARGETS)} targets broke {' '.join(broken)}".rstrip())
    return 1 if broken else 0


def survived(name: str, engine: str, seconds: int) -> bool:
    """Run one target in a process of its own; an input that broke it is kept."""
    command = [sys.executable, "-m", "tests.fuzz", name, "--here", "--engine", engine, "--seconds", str(seconds)]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(command, cwd=ROOT, env=environment(folder), capture_output=True, check=False)
        said = (done.stdout + done.stderr).decode("utf-8", "replace")
        found = sorted(p for p in Path(folder).glob("found-*") if "slow-unit" not in p.name)
        for path in found:
            keep(name, path.read_bytes())
        lines = [line for line in said.splitlines() if line.startswith(("Done ", "stat:"))]
        print(f"{name:20} {'broke' if found or done.returncode else 'held '} {' '.join(lines)[:80]}", flush=True)
        if found or done.returncode:
            print(said[-3000:])
    return not found and done.returncode == 0


def environment(folder: str) -> dict[str, str]:
    return {**os.environ, "REFCHECK_CACHE_DIR": folder, "REFCHECK_FUZZ_FOUND": folder}


def keep(name: str, data: bytes) -> None:
    path = FOUND / name / hashlib.sha256(data).hexdigest()[:12]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def with_atheris(name: str, seconds: int) -> None:
    """libFuzzer over the instrumented package; it ends the process."""
    import atheris

    with atheris.instrument_imports(include=["refcheck"], enable_loader_override=False):
        import refcheck

        for module in pkgutil.walk_packages(refcheck.__path__, "refcheck."):
            if not module.name.endswith("__main__"):
                import_module(module.name)
    from tests.fuzz.targets import TARGETS

    folder = Path(os.environ["REFCHECK_FUZZ_FOUND"])
    corpus = folder / "corpus"
    corpus.mkdir()
    for n, seed in enumerate(TARGETS[name].seeds):
        (corpus / str(n)).write_bytes(seed)
    limits = [f"-max_total_time={seconds}", f"-timeout={HANG}", "-rss_limit_mb=4096", "-max_len=4096", "-verbosity=0"]
    where = [f"-artifact_prefix={folder}/found-", "-print_final_stats=1", str(corpus)]
    atheris.Setup([sys.argv[0], *limits, *where], TARGETS[name].run)
    atheris.Fuzz()


def with_hypothesis(name: str, seconds: int) -> None:
    """The samples, changed at random, until the time is over; the smallest input that breaks is kept."""
    from hypothesis import HealthCheck, Phase, given, settings

    from tests.fuzz.mutation import near
    from tests.fuzz.targets import TARGETS

    target = TARGETS[name]
    end = time.monotonic() + seconds
    runs = 0
    broke: list[bytes] = []

    @settings(
        max_examples=500,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(near(target.seeds))
    def holds(data: bytes) -> None:
        nonlocal runs
        runs += 1
        if time.monotonic() > end and not broke:
            return
        try:
            target.run(data)
        except Exception:
            broke.append(data)
            raise

    while time.monotonic() < end:
        try:
            holds()
        except Exception:
            traceback.print_exc()
            Path(os.environ["REFCHECK_FUZZ_FOUND"], "found-1").write_bytes(broke[-1])
            sys.exit(1)
    print(f"Done {runs} runs")


if __name__ == "__main__":
    sys.exit(main())
