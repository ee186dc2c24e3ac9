"""The recipe "A class on JupyterHub" of notebooks/for-teachers.md, run as it is written there.

Two things differ, because they belong to the teacher: the repository's address, in whose place a
clone on this computer is used, and the options for dummy accounts, which the recipe has too. As
root, everything runs as the user `nobody`, because a class's servers do not run as root.
"""

import contextlib
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "notebooks" / "for-teachers.md"
TITLE = "## A class on JupyterHub\n"
ADDRESS = "https://github.com/you/gdlesson"
CONFIG = "jupyterhub_config.py"
PORTS = (8000, 8001, 8081)  # of the proxy, its commands, and the hub
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", flags=re.S | re.M)


@dataclass(frozen=True)
class Recipe:
    """What the page has in its blocks of code, in their order."""

    install: str  # Bash
    config: str  # Python
    trial: str  # Bash: starts the hub with dummy accounts
    update: str  # Bash
    link: str  # opens the lessons by nbgitpuller

    @classmethod
    def of(cls, page):
        """The recipe on a page. Raises ValueError if it has other blocks than expected."""
        section = page.partition(TITLE)[2].partition("\n## ")[0]
        kinds, codes = zip(*BLOCK.findall(section), strict=True)
        if kinds != ("bash", "python", "bash", "bash", "text"):
            raise ValueError(f"expected the recipe's five blocks of code, got {', '.join(kinds)}")
        return cls(*codes)

    @classmethod
    def read(cls):
        return cls.of(PAGE.read_text(encoding="utf-8"))

    def at(self, address):
        """The recipe with another address of the repository."""
        quoted = [urllib.parse.quote(each, safe="") for each in (ADDRESS, address)]
        texts = (self.install, self.config, self.trial, self.update, self.link)
        return Recipe(*(text.replace(ADDRESS, address).replace(*quoted) for text in texts))


class Place:
    """A folder in which the recipe is carried out, by a user who is not root."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.repository = self.folder / "repository" / "gdlesson"
        self.recipe = Recipe.read().at(self.repository.as_uri())
        self.environment = os.environ | {"HOME": str(self.folder), "TMPDIR": f"{self.folder}/tmp"}
        self.environment.pop("VIRTUAL_ENV", None)
        self.user = {}
        if os.geteuid() == 0:
            group = pwd.getpwnam("nobody").pw_gid
            self.user = {"user": "nobody", "group": group, "extra_groups": []}
            self.environment["PATH"] = "/usr/local/bin:/usr/bin:/bin"  # nobody's

    def run(self, command, cwd=None):
        """Run a command of Bash and return what it prints. Raises RuntimeError if it fails."""
        done = subprocess.run(
            ["bash", "-ec", command],
            cwd=cwd or self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            **self.user,
        )
        if done.returncode:
            raise RuntimeError(f"{command}\n{done.stdout}{done.stderr}")
        return done.stdout

    def prepare(self):
        """Clone the repository as it is committed, install, and write the configuration.

        In a folder of an earlier run, only the package is installed anew.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in ("repository", "teacher", "homes", "tmp"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        (self.folder / "tmp").mkdir()
        clone = ["git", "clone", "-q", "--bare", str(ROOT), str(self.repository)]
        subprocess.run(clone, check=True)
        main = ["git", "-C", str(self.repository), "branch", "-q", "-M", "main"]
        subprocess.run(main, check=True)
        if self.user:
            own = [self.folder, self.folder / "tmp", self.repository.parent]
            for path in [*own, *self.repository.parent.rglob("*")]:
                shutil.chown(path, self.user["user"], self.user["group"])
        installed = (self.folder / "hub" / "node_modules").exists()
        self.run(self.recipe.update if installed else self.recipe.install)
        (self.folder / CONFIG).write_text(self.recipe.config, encoding="utf-8")

    def publish(self, name, change):
        """Commit a new version of a file to the teacher's repository: change(text) → text."""
        copy = self.folder / "teacher"
        if not copy.exists():
            self.run(f"git clone -q {self.repository} teacher")
        path = copy / name
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
        author = "-c user.name=teacher -c user.email=teacher@example.org"
        self.run(f"git {author} commit -qam 'A new version' && git push -q", copy)

    @contextlib.contextmanager
    def hub(self):
        """The process of the running hub. Raises RuntimeError if it does not start."""
        for port in PORTS:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    raise RuntimeError(f"the recipe needs port {port}, which is in use")
        with (
            (self.folder / "hub.log").open("w") as log,
            subprocess.Popen(
                ["bash", "-c", f"exec {self.recipe.trial}"],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.user,
            ) as process,
        ):
            try:
                self._wait_for(process)
                yield process
            finally:  # the hub stops its proxy and the servers, and these their kernels
                process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(120)
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)

    def _wait_for(self, process, seconds=120):
        for _ in range(2 * seconds):
            if process.poll() is not None:
                break
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.address}/hub/login"):
                return
            time.sleep(0.5)
        raise RuntimeError(f"the hub did not start: see {self.folder / 'hub.log'}")

    @property
    def address(self):
        """The hub's address, which is the beginning of the link."""
        return self.recipe.link.partition("/hub/")[0].strip()
