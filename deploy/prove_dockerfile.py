"""Proves the Dockerfile where no container engine runs: its very steps, one by one, in a clean Debian made by debootstrap.

    sudo python3 -m deploy.prove_dockerfile [--folder FOLDER]

Needs root, debootstrap, unshare, setpriv and ip. Python is Debian's own (the image's version is checked against it), Node.js
the wheel of requirements-node.lock. Then it starts what the image starts, as the image's user, with a root that nobody can
write to, without capabilities, in a network of its own: migrates, asks HEALTHCHECK, and ends it with SIGTERM.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from deploy import dockerfile
from deploy.dockerfile import Stage

PROJECT = Path(__file__).resolve().parent.parent
SUITE, PYTHON = "bookworm", "3.11"
TOOLS = ("debootstrap", "unshare", "setpriv", "ip", "chroot")
CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"
HANDED_ON = re.compile(r"(https?|no)_proxy|PIP_(INDEX_URL|EXTRA_INDEX_URL|TRUSTED_HOST|DEFAULT_TIMEOUT)", re.IGNORECASE)
SETTINGS = {
    "DEBTOR_RETURNS_SECRET_KEY": "only-for-this-proof-0123456789abcdef",
    "DEBTOR_RETURNS_BASE_URL": "https://returns.example",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--folder", type=Path, default=Path("/var/tmp/prove-dockerfile"), help="1.5 GB are needed there"
    )
    folder = parser.parse_args().folder
    if os.geteuid() != 0:
        sys.exit("This makes a Debian of its own and enters it, which takes root: run it with sudo.")
    if missing := [tool for tool in TOOLS if shutil.which(tool) is None]:
        sys.exit(f"Missing: {', '.join(missing)}. Install them: apt-get install debootstrap util-linux iproute2")
    folder.mkdir(parents=True, exist_ok=True)
    built: dict[str, Path] = {}
    image = Image(folder / "nothing")
    for number, stage in enumerate(dockerfile.stages((PROJECT / "Dockerfile").read_text())):
        image = Image(_root(folder, number, stage))
        image.build(stage, built)
        built[stage.name] = image.root
    image.start()
    print("The Dockerfile's steps hold: what they build migrates, serves, is healthy and ends in order.")


class Image:
    """What one stage has built so far."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.environment = {"PATH": "/opt/tools/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
        self.folder = "/"
        self.user = "0"
        self.command: list[str] = []
        self.health: list[str] = []
        self.volumes: list[str] = []

    def build(self, stage: Stage, built: dict[str, Path]) -> None:
        for each in stage.instructions:
            print(f"{each.name} {each.text[:150]}", flush=True)
            if each.name == "WORKDIR":
                self.folder = each.text
                self.inside(self.folder).mkdir(parents=True, exist_ok=True)
            elif each.name == "ENV":
                self.environment |= dict(word.split("=", 1) for word in each.words)
            elif each.name == "COPY":
                self.copy(each.words)
            elif each.name == "RUN":
                self.run(dockerfile.run_of(each.text), built)
            elif each.name == "USER":
                self.user = each.text
            elif each.name == "VOLUME":
                self.volumes.append(each.text)
            elif each.name == "CMD":
                self.command = each.words
            elif each.name == "HEALTHCHECK":
                self.health = dockerfile.Instruction("CMD", each.text.partition("CMD ")[2]).words
            elif each.name != "EXPOSE":
                sys.exit(f"{each.name} is more than this script knows.")

    def inside(self, path: str) -> Path:
        return self.root / str(Path(self.folder, path)).lstrip("/")

    def copy(self, words: list[str]) -> None:
        *sources, target = words
        given = dockerfile.sent(PROJECT)
        for source in sources:
            files = [file for file in given if file == Path(source) or Path(source) in file.parents]
            if not files:
                sys.exit(f"COPY {source}: .dockerignore leaves nothing of it.")
            into = self.inside(target)
            for file in files:
                is_folder = file != Path(source)
                name = file.relative_to(source) if is_folder else Path(file.name if target.endswith("/") else "")
                (into / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(PROJECT / file, into / name)

    def run(self, step: dockerfile.Run, built: dict[str, Path]) -> None:
        """The mounts are seen by this step alone: they are made in a mount namespace of its own."""
        mounts = [f"mount -t proc proc {self.root}/proc"]
        for stage, source, target in step.mounts:
            self.inside(target).mkdir(parents=True, exist_ok=True)
            mounts.append(f"mount --bind -o ro {built[stage]}{source} {self.inside(target)}")
        _sh(" && ".join([*mounts, self.entered(["/bin/sh", "-c", step.command])]), network=True)
        for _, _, target in step.mounts:
            self.inside(target).rmdir()

    def entered(self, command: list[str], *before: str) -> str:
        """A command line that does this inside, with the image's environment and nothing else but the way to packages."""
        handed = {name: value for name, value in os.environ.items() if HANDED_ON.fullmatch(name)}
        certificates = dict.fromkeys(("PIP_CERT", "SSL_CERT_FILE", "NPM_CONFIG_CAFILE"), f"/{CERTIFICATES}")
        environment = handed | certificates | {"HOME": "/tmp"} | self.environment
        pairs = [f"{name}={value}" for name, value in environment.items()]
        line = ["chroot", str(self.root), "/usr/bin/env", "-i", f"--chdir={self.folder}", *pairs, *before, *command]
        return " ".join(_quoted(word) for word in line)

    def start(self) -> None:
        """As compose.yaml starts it: read-only root, /tmp and the volumes in memory, no capabilities, the image's user."""
        if self.user in ("", "0", "root"):
            sys.exit("The image would run as root.")
        self.environment |= SETTINGS
        alone = ("setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups", "--bounding-set=-all",
                 "--inh-caps=-all", "--no-new-privs", "--")  # fmt: skip
        owner = f"uid={self.user},mode=700"
        first = " && ".join(
            [
                "ip link set lo up",
                f"mount --bind {self.root} {self.root} && mount -o remount,bind,ro {self.root}",
                f"mount -t proc proc {self.root}/proc && mount -t tmpfs tmpfs {self.root}/tmp -o mode=1777",
                f"mount --bind /dev/null {self.root}/dev/null && mount --bind /dev/urandom {self.root}/dev/urandom",
                *(f"mount -t tmpfs tmpfs {self.inside(volume)} -o {owner}" for volume in self.volumes),
            ]
        )
        writes = self.entered(["/bin/sh", "-c", "echo no > app/main.py; echo no > /etc/passwd; touch here"], *alone)
        migrates = self.entered(["debtor-returns", "migrate"], *alone)
        serves, asks = self.entered(self.command, *alone), self.entered(self.health, *alone)
        _sh(
            f"{first} || exit 1\n"
            f"if {writes} 2>/dev/null; then echo 'The root can be written to.'; exit 1; fi\n"
            f"{migrates} || exit 1\n"
            f"{serves} & served=$!\n"
            f"for second in $(seq 60); do sleep 1; {asks} 2>/dev/null && healthy=yes && break; done\n"
            'test "$healthy" = yes || { echo "HEALTHCHECK never was content."; kill $served; exit 1; }\n'
            "kill -TERM $served; wait $served; code=$?\n"
            'echo "Healthy after $second seconds; ended with $code."; exit $code',
            network=False,
        )


def _root(folder: Path, number: int, stage: Stage) -> Path:
    """A clean Debian with what the stage's image brings: Python, or Node.js too."""
    clean = folder / f"clean-{SUITE}"
    if not (clean / "usr/bin/python3").exists():
        shutil.rmtree(clean, ignore_errors=True)
        packages = "python3,python3-venv,ca-certificates"
        print(f"Making a clean {SUITE} in {clean}, once: some minutes.", flush=True)
        _do("debootstrap", "--variant=minbase", f"--include={packages}", SUITE, str(clean))
    root = folder / f"stage-{number}"
    shutil.rmtree(root, ignore_errors=True)
    _do("cp", "-a", str(clean), str(root))
    for file in (CERTIFICATES, "etc/resolv.conf", "etc/pip.conf"):
        if Path("/", file).exists():
            shutil.copy(Path("/", file), root / file)
    image = Image(root)
    image.run(dockerfile.Run("python3 -m venv /opt/tools", []), {})
    if stage.image.startswith("node:"):
        shutil.copy(PROJECT / "requirements-node.lock", root / "tmp")
        install = "/opt/tools/bin/pip install -q --require-hashes --only-binary :all: -r /tmp/requirements-node.lock"
        image.run(dockerfile.Run(install, []), {})
    elif not re.fullmatch(rf"python:{re.escape(PYTHON)}(\.\d+)?-.*", stage.image):
        sys.exit(f"The image is {stage.image}, and {SUITE} has Python {PYTHON}: name another suite in this script.")
    return root


def _sh(script: str, *, network: bool) -> None:
    _do(
        "unshare",
        "--mount",
        *(() if network else ("--net",)),
        "--fork",
        "--pid",
        "--kill-child",
        "/bin/sh",
        "-c",
        script,
    )


def _do(*command: str) -> None:
    done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        sys.exit(f"This step failed with {done.returncode}: {' '.join(command)[:600]}")


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"


if __name__ == "__main__":
    main()
