"""The Dockerfile's steps, in a clean Debian where no container engine runs: takes minutes, the network and root."""

import os
import subprocess
import sys

import pytest

from deploy import dockerfile
from tests.guards.source import PROJECT

TEXT = """\
# a comment
FROM node:24-slim AS assets
RUN --mount=type=bind,from=other,source=/a,target=/b \\
    # another
    make it && \\
    make more
FROM python:3.11-slim
COPY one two ./
CMD ["serve", "--host", "0.0.0.0"]
"""


def test_a_dockerfile_is_read_step_by_step():
    first, second = dockerfile.stages(TEXT)
    assert (first.image, first.name, second.image) == ("node:24-slim", "assets", "python:3.11-slim")
    step = dockerfile.run_of(first.instructions[0].text)
    assert (step.command, step.mounts) == ("make it && make more", [("other", "/a", "/b")])
    assert [each.words for each in second.instructions] == [["one", "two", "./"], ["serve", "--host", "0.0.0.0"]]


def test_what_the_script_does_not_know_is_not_left_out_unseen():
    with pytest.raises(ValueError, match="secret"):
        dockerfile.run_of("--mount=type=secret,id=key make")
    with pytest.raises(ValueError, match="network"):
        dockerfile.run_of("--network=none make")


def test_the_build_is_given_the_source_and_neither_tests_nor_what_was_laid_here():
    given = {str(path) for path in dockerfile.sent(PROJECT)}
    assert {"app/main.py", "migrations/env.py", "requirements.lock", "package-lock.json", ".npmrc"} <= given
    assert not [path for path in given if path.startswith(("tests", "docs", "deploy", "app/web/static/vendor"))]
    assert not [path for path in given if "__pycache__" in path or ".db" in path or path.startswith(".venv")]


@pytest.mark.soak
def test_the_dockerfiles_steps_hold(tmp_path):
    assert os.geteuid() == 0, "This run makes a Debian of its own: it needs root."
    folder = os.environ.get("PROVE_DOCKERFILE_IN", str(tmp_path))
    command = [sys.executable, "-m", "deploy.prove_dockerfile", "--folder", folder]
    done = subprocess.run(command, check=False, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
