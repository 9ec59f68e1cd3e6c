"""A backup file holds all or is refused, and shows nothing without its key."""

import pytest

from iop_site.ops import backup_format
from iop_site.ops.backup_format import BackupError

KEYS = {"k2": b"2" * 32, "k1": b"1" * 32}
INVENTORY = {"tables": {"a": ["id", 3, "3"]}}
PIECES = [b"first" * 1000, b"second" * 1000, b"third"]


@pytest.fixture
def backup(tmp_path):
    path = tmp_path / "iop-20260101T000000Z.backup"
    backup_format.write(path, KEYS, INVENTORY, PIECES)
    return path


def read(path, keys=KEYS):
    inventory, pieces = backup_format.read(path, keys)
    return inventory, list(pieces)


def test_what_was_written_is_read(backup):
    assert read(backup) == (INVENTORY, PIECES)
    assert read(backup, {"k9": b"9" * 32, "k2": KEYS["k2"]}) == (INVENTORY, PIECES)


def test_an_empty_database_is_a_backup_too(tmp_path):
    backup_format.write(tmp_path / "empty.backup", KEYS, INVENTORY, [])
    assert read(tmp_path / "empty.backup") == (INVENTORY, [])


def test_nothing_stands_in_clear_and_only_the_owner_may_read(backup):
    content = backup.read_bytes()
    assert b"second" not in content and b"tables" not in content
    assert backup.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("keys", [{"k1": KEYS["k1"]}, {"k2": b"3" * 32}, {}])
def test_without_its_key_it_does_not_open(backup, keys):
    with pytest.raises(BackupError):
        read(backup, keys)


def test_a_flipped_bit_anywhere_is_noticed(backup):
    whole = backup.read_bytes()
    for place in range(0, len(whole), 97):
        backup.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(BackupError):
            read(backup)


def test_a_file_cut_off_anywhere_is_noticed(backup):
    whole = backup.read_bytes()
    ends = [0, 10, len(whole) - 1, *range(100, len(whole), 501)]
    for end in ends:
        backup.write_bytes(whole[:end])
        with pytest.raises(BackupError):
            read(backup)


def test_a_piece_cut_off_at_its_border_or_moved_is_noticed(backup):
    whole = backup.read_bytes()
    head, _, rest = whole.partition(b"\n")
    pieces = []
    while rest:
        end = 4 + int.from_bytes(rest[:4], "big")
        pieces.append(rest[:end])
        rest = rest[end:]
    for wrong in (pieces[:-1], pieces[::-1], [*pieces, pieces[-1]], [pieces[0], pieces[2], pieces[1], pieces[3]]):
        backup.write_bytes(head + b"\n" + b"".join(wrong))
        with pytest.raises(BackupError):
            read(backup)


def test_another_file_is_refused_with_a_sentence(tmp_path):
    heads = ['{"format": "else"}', '{"format": "iop-backup-1", "salt": "", "key": []}', "[]", "[" * 999]
    for content in (b"", b"PK\x03\x04", b"\xff" * 2000, *(f"{head}\n".encode() for head in heads)):
        other = tmp_path / "other"
        other.write_bytes(content)
        with pytest.raises(BackupError, match="is not a backup"):
            read(other)


def test_one_that_cannot_be_finished_leaves_no_backup(tmp_path):
    def broken():
        yield b"piece"
        raise OSError("disk full")

    with pytest.raises(OSError):
        backup_format.write(tmp_path / "iop.backup", KEYS, INVENTORY, broken())
    assert not (tmp_path / "iop.backup").exists()
