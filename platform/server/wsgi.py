import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
for path in (str(ROOT / "platform"), str(ROOT)):
    if path not in sys.path:
        sys.path.insert(0, path)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")

from django.core.wsgi import get_wsgi_application  # noqa: E402

from server import gc_tuning, pulse, tether  # noqa: E402
from server.serve import WEB_THREADS  # noqa: E402

_django = get_wsgi_application()

from django.http import FileResponse  # noqa: E402

from server.checks import refuse_demo_secrets, refuse_without_static  # noqa: E402  they read the settings
from server.front import Front  # noqa: E402

FileResponse.block_size = 65_536  # a turn for each piece, and Django's are of 4 kB
application = Front(_django, int(os.environ.get("WEB_THREADS") or WEB_THREADS))

refuse_demo_secrets()
refuse_without_static()
gc_tuning.settle()
sys.setswitchinterval(
    0.0005
)  # who waits for the database gets the interpreter back at once, whoever computes beside her
tether.die_with_parent()  # the server of several processes that loads us: killed, it leaves none that serves on
pulse.start()
