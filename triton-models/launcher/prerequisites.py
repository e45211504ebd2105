"""Says in one sentence what this machine or this Python lacks; exit status 0 when nothing is missing.

Runs on any Python 3, also on those that are then refused, hence the plain syntax.
"""

import ctypes
import os
import platform
import sys
import sysconfig

SUPPORTED_MINORS = (10, 11, 12)  # those with a Triton stub and a numpy older than 2
OLDEST_GLIBC = (2, 35)


def missing():
    """The first prerequisite that is not met, with its remedy; None when all are."""
    for check in (_python, _platform, _glibc, _venv, _libpython, _openmp):
        fault = check()
        if fault:
            return fault
    return None


def libpython_folder():
    """Where this Python keeps its shared library."""
    return sysconfig.get_config_var("LIBDIR") or ""


def _platform():
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return "tritonserver's wheel runs on Linux x86_64 only, this is %s %s; use the container in deploy/ instead" % (
            sys.platform,
            platform.machine(),
        )


def _glibc():
    name, version = platform.libc_ver()
    if name != "glibc" or tuple(int(part) for part in version.split(".")[:2]) < OLDEST_GLIBC:
        return "glibc 2.35 or newer is needed, this is %s %s; use Debian 12, Ubuntu 22.04 or newer" % (
            name or "another C library",
            version,
        )


def _python():
    if sys.version_info[0] != 3 or sys.version_info[1] not in SUPPORTED_MINORS:
        return "Python 3.10, 3.11 or 3.12 is needed, %s is %d.%d; install one and put it on the PATH" % (
            sys.executable,
            sys.version_info[0],
            sys.version_info[1],
        )


def _venv():
    try:
        import venv  # noqa: F401
    except ImportError:
        return "%s has no venv module; install it (Debian, Ubuntu: apt install python3-venv)" % sys.executable
    if not (_importable("pip") or _importable("ensurepip")):
        return (
            "%s has neither pip nor ensurepip; install one (Debian, Ubuntu: apt install python3-venv)" % sys.executable
        )


def _libpython():
    library = "libpython3.%d.so.1.0" % sys.version_info[1]
    if not (_loadable(os.path.join(libpython_folder(), library)) or _loadable(library)):
        return "%s of %s is missing; install it (Debian, Ubuntu: apt install libpython3.%d)" % (
            library,
            sys.executable,
            sys.version_info[1],
        )


def _openmp():
    if not _loadable("libgomp.so.1"):
        return "libgomp.so.1 is missing, llama.cpp needs it; install it (Debian, Ubuntu: apt install libgomp1)"


def _importable(module):
    try:
        __import__(module)
    except ImportError:
        return False
    return True


def _loadable(library):
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    fault = missing()
    if fault:
        sys.exit(fault)
