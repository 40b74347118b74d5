"""The landlock level: its rules and rulesets as data, and who may use which version."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from grader import ladder, landlock, sandbox
from grader.landlock import READ, Right, Rule
from grader.sandbox import Identity, Level, Policy
from grader.spec import Limits

POLICY = Policy(read_only=(), hidden=(), code={}, files={}, home_files={}, environment={}, limits=Limits(),
                identity=Identity(1234, 1235), as_root=False)


def opened(policy: Policy, shared_memory: bool = False) -> dict[str, Right]:
    """What is open, by path."""
    made = landlock.rules(policy, Path("/s/grader"), [Path("/s/home"), Path("/s/tmp")], shared_memory=shared_memory)
    return {rule.path: rule.rights for rule in made}


def test_only_private_folders_and_devices_can_be_written():
    found = opened(POLICY)
    written = {path for path, rights in found.items() if rights & (Right.WRITE_FILE | Right.MAKE_REG | Right.MAKE_DIR)}
    assert written == {"/s/home", "/s/tmp", *landlock.DEVICES}
    assert found["/s/grader"] == found["/usr"] == READ


def test_no_device_can_be_made_anywhere():
    assert not any(rights & (Right.MAKE_CHAR | Right.MAKE_BLOCK) for rights in opened(POLICY, True).values())


@pytest.mark.parametrize("path", ["/", "/proc", "/dev", "/etc", "/tmp", "/home", "/root", "/run", "/sys", "/var"])
def test_nothing_else_of_the_host_is_open(path):
    assert path not in opened(POLICY, True)


def test_shared_memory_is_open_only_when_asked_for():
    assert landlock.SHARED_MEMORY not in opened(POLICY)
    assert landlock.SHARED_MEMORY in opened(POLICY, True)


def test_a_hidden_folder_is_left_out_and_its_neighbours_are_not(tmp_path):
    libraries = tmp_path / "lib"
    for name in ("numpy", "grader/inside", "deep/course/solutions", "deep/other"):
        (libraries / name).mkdir(parents=True)
    (libraries / "six.py").touch()
    (libraries / "link").symlink_to(tmp_path)
    policy = replace(POLICY, read_only=(libraries,), hidden=(libraries / "grader", libraries / "deep" / "course"))
    found = {path: rights for path, rights in opened(policy).items() if path.startswith(str(tmp_path))}
    assert found == {str(libraries): Right.READ_DIR, f"{libraries}/numpy": READ, f"{libraries}/six.py": READ,
                     f"{libraries}/deep": Right.READ_DIR, f"{libraries}/deep/other": READ}


@pytest.mark.parametrize(("version", "files", "network", "scopes", "size"), [
    (1, 0x1FFF, 0, 0, 8), (2, 0x3FFF, 0, 0, 8), (3, 0x7FFF, 0, 0, 8), (4, 0x7FFF, 3, 0, 16), (5, 0xFFFF, 3, 0, 16),
    (6, 0xFFFF, 3, 3, 24), (9, 0xFFFF, 3, 3, 24)])
def test_a_ruleset_closes_all_that_its_version_can(version, files, network, scopes, size):
    assert landlock.ruleset(version) == {"files": files, "network": network, "scopes": scopes, "size": size}


# --- who may use it ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("version", "uid", "usable"), [
    (0, 0, False), (2, 0, False), (3, 0, True), (7, 0, True), (0, 1000, False), (5, 1000, False), (6, 1000, True)])
def test_root_needs_a_younger_landlock_than_ones_own_user(monkeypatch, version, uid, usable):
    monkeypatch.setattr(ladder, "landlock_version", lambda: version)
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    found = ladder.examine_level(Level.LANDLOCK)
    assert found.usable is usable
    assert found.reason and (usable or found.remedy)


def unusable(level: Level) -> ladder.Finding:
    return ladder.Finding(level, usable=False, reason=f"no {level}", remedy=f"get {level}")


def test_auto_takes_landlock_where_namespaces_are_forbidden(monkeypatch):
    monkeypatch.setitem(ladder.EXAMINERS, Level.BUBBLEWRAP, lambda: unusable(Level.BUBBLEWRAP))
    monkeypatch.setitem(ladder.EXAMINERS, Level.LANDLOCK, lambda: ladder.Finding(Level.LANDLOCK, usable=True))
    assert ladder.choose_level("auto") is Level.LANDLOCK


def test_auto_never_means_none_on_linux(monkeypatch):
    for level in (Level.BUBBLEWRAP, Level.LANDLOCK):
        monkeypatch.setitem(ladder.EXAMINERS, level, lambda level=level: unusable(level))
    with pytest.raises(ladder.SandboxError, match=r"no bubblewrap; get bubblewrap · .*no landlock; get landlock"):
        ladder.choose_level("auto")
    assert ladder.choose_level("none") is Level.NONE


def test_a_level_that_was_named_is_taken_or_refused(monkeypatch):
    monkeypatch.setitem(ladder.EXAMINERS, Level.LANDLOCK, lambda: unusable(Level.LANDLOCK))
    with pytest.raises(ladder.SandboxError, match="no landlock; get landlock"):
        ladder.choose_level("landlock")


def test_rights_have_the_numbers_of_the_kernel():
    assert [int(right) for right in Right] == [1 << bit for bit in range(16)]
    assert Rule("/x", READ).rights == 0b1101
    assert sandbox.Level("landlock") is Level.LANDLOCK
