import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
for path in (str(ROOT / "platform"), str(ROOT)):
    if path not in sys.path:
        sys.path.insert(0, path)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")

from django.core.wsgi import get_wsgi_application  # noqa: E402

from server import garbage, pulse, tether  # noqa: E402

application = get_wsgi_application()

from server.checks import refuse_demo_secrets, refuse_without_static  # noqa: E402  they read the settings

refuse_demo_secrets()
refuse_without_static()
garbage.settle()
tether.die_with_parent()  # the server of several processes that loads us: killed, it leaves none that serves on
pulse.start()
