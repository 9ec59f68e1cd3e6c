"""Small disks of our own, which a test may fill, make read-only, or take the power from. Mounting needs root."""

import contextlib
import fcntl
import os
import shutil
import struct
import subprocess
import tempfile
import time
from pathlib import Path

SHUT_DOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN
WITHOUT_FLUSH = struct.pack("I", 2)  # EXT4_GOING_FLAGS_NOLOGFLUSH: what was not synced is gone


class Disk:
    """A file system on a folder of its own; ext4 on a loop device, or in memory."""

    def __init__(self, megabytes: int, is_ext4: bool = False):
        self.folder = Path(tempfile.mkdtemp(prefix="iop-disk-"))
        self.mount_point = self.folder / "disk"
        self.mount_point.mkdir()
        self.image = self.folder / "image" if is_ext4 else None
        self.megabytes = megabytes
        if self.image:
            with self.image.open("wb") as file:
                file.truncate(megabytes * 1024 * 1024)
            run("mkfs.ext4", "-q", "-F", str(self.image))

    def __enter__(self):
        self.mount()
        return self

    def __exit__(self, *error):
        with contextlib.suppress(subprocess.CalledProcessError):
            run("umount", "--lazy", str(self.mount_point))
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.mount_point}/db.sqlite3"

    def mount(self):
        if self.image:
            run("mount", "-o", "loop", str(self.image), str(self.mount_point))
        else:
            run("mount", "-t", "tmpfs", "-o", f"size={self.megabytes}m", "tmpfs", str(self.mount_point))

    def cut_power(self):
        """Stop the file system where it stands: nothing that waits in memory reaches it any more."""
        folder = os.open(self.mount_point, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, SHUT_DOWN, WITHOUT_FLUSH)
        finally:
            os.close(folder)

    def mount_again(self):
        """Mount it as the next start of the machine does, which plays its journal back."""
        run_once_let("umount", str(self.mount_point))
        self.mount()
        (self.mount_point / "came back").touch()  # not the stopped file system, which something else may still hold

    def fill(self) -> Path:
        """Write until nothing fits any more, and return the file that takes the space."""
        filler = self.mount_point / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(b"\0" * 65536):
                pass
            while file.write(b"\0"):
                pass
        return filler

    def may_be_written(self, yes: bool):
        run_once_let("mount", "-o", f"remount,{'rw' if yes else 'ro'}", str(self.mount_point))


def run(*command: str):
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)


def run_once_let(*command: str):
    """Run it as soon as nobody holds the disk: a process that was killed lets go late, a writer when it is done."""
    for tries_left in reversed(range(300)):
        try:
            return run(*command)
        except subprocess.CalledProcessError:
            if not tries_left:
                raise
            time.sleep(0.1)


def may_mount() -> bool:
    """Whether this user on this machine may mount anything: in most containers nobody may."""
    try:
        with Disk(1):
            return True
    except (subprocess.CalledProcessError, OSError):
        return False
