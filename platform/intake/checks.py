"""Said by `manage.py check --deploy`: where less keeps what opens strangers' files than could."""

from django.core.checks import Info, Tags, register

from intake import confinement


@register(Tags.security, deploy=True)
def weak_sandbox(app_configs=None, **kwargs) -> list[Info]:
    found = []
    if not confinement.landlock_version():
        said = "The kernel has no Landlock (5.13 and later have it): what opens strangers' files can read what this user can read."
        found.append(Info(said, hint="Run the workers as a user of their own, on a newer kernel.", id="intake.I001"))
    if not confinement.seccomp_known():
        said = "No filter of system calls is known for this machine: what opens strangers' files can reach sockets in the file system."
        found.append(
            Info(said, hint="Give PostgreSQL and Redis passwords, and run on x86-64 or ARM64.", id="intake.I002")
        )
    return found
