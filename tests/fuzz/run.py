"""One fuzzing run: `python -m tests.fuzz.run TARGET FOLDER SECONDS`. New inputs, and what fails, are left in FOLDER."""

import resource
import sys
from pathlib import Path

import atheris

HERE = Path(__file__).parent
MEMORY = 3 << 30

with atheris.instrument_imports(
    include=["app.core.spreadsheet", "app.returns", "app.policy", "tests.fuzz.targets", "xlrd"]
):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    target, folder, seconds = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    known = [HERE / kind / target for kind in ("seeds", "regressions")]
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    atheris.Setup(
        [sys.argv[0], f"-max_total_time={seconds}", "-max_len=8192", "-timeout=20", "-rss_limit_mb=0", "-print_final_stats=1",
         f"-artifact_prefix={folder}/", str(corpus), *(str(path) for path in known if path.is_dir())],
        TARGETS[target],
    )  # fmt: skip
    atheris.Fuzz()


if __name__ == "__main__":
    main()
