"""Instructions that the phone reads aloud: the key stands where the phone has a voice of its own for their language, and holds at 200 %."""

import io
import os

import pytest
from playwright.sync_api import expect

from labelling.models import Project
from labelling.projects.spoken import record_instructions
from tests.intake.files import tone
from tests.phone.browser import CHROMIUM, phone, sign_in
from tests.phone.layout import problems_of
from tests.phone.test_tasks import PASSWORD, allow_in
from tests.worlds import opened, sentiment_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]
# The Chromium of a server has no voices: this one has a voice that keeps what it was given to say.
VOICE = """
window.heard = [];
SpeechSynthesis.prototype.getVoices = () => [{ lang: "en-ZA", localService: true, name: "of the phone" }];
SpeechSynthesis.prototype.speak = (said) => window.heard.push(said.text);
Object.defineProperty(SpeechSynthesisUtterance.prototype, "voice", { set() {} });
"""


def hears_a_recording(page, context, url: str, world) -> None:
    """The sound comes with the pack that she takes along, and plays without a network on a phone that has no voice."""
    record_instructions(world.requester, world.project, "en", io.BytesIO(tone(1)), "said.wav")
    page.goto(f"{url}/app/#/batch/{world.batch.pk}")
    page.reload()
    expect(page.get_by_test_id("whose-voice")).to_have_text("Recorded by a person.")
    page.get_by_test_id("take-pack").tap()
    expect(page.get_by_test_id("take-pack")).to_have_attribute("data-ready", "2")
    expect(page.get_by_test_id("take-pack")).to_be_enabled()
    context.set_offline(True)
    page.goto(f"{url}/app/#/task/{world.batch.pk}")
    page.get_by_test_id("teach").wait_for()
    key = page.get_by_test_id("aloud")
    expect(key).to_have_attribute("data-reading", "false")
    key.tap()
    expect(key).to_have_attribute("data-reading", "true")
    expect(key).to_have_attribute("data-reading", "false")  # heard to its end
    expect(page.get_by_test_id("trouble")).to_have_count(0)
    context.set_offline(False)


@pytest.mark.parametrize(("voices", "size"), [("", (360, 640)), (VOICE, (360, 640)), (VOICE, (320, 568))])
def test_the_key_is_there_where_a_voice_is(live_server, settings, voices, size):
    settings.MEDIA_ORIGIN = live_server.url
    world = allow_in(opened(sentiment_world(items=2, workers=1)))
    Project.objects.update(instructions={"en": "# What to do\n\nSay whether the text is **good**.\n\n- good\n- bad"})
    world.project.refresh_from_db()
    with phone(viewport={"width": size[0], "height": size[1]}) as context:
        page = context.new_page()
        if voices:
            page.add_init_script(voices)
        sign_in(page, live_server.url, world.workers[0].person.email, PASSWORD)
        page.goto(f"{live_server.url}/app/#/task/{world.batch.pk}")
        page.get_by_test_id("teach").wait_for()
        key = page.get_by_test_id("aloud")
        if not voices:
            expect(page.get_by_text("Say whether the text is")).to_be_visible()
            expect(key).to_have_count(0)
            return hears_a_recording(page, context, live_server.url, world)
        assert page.evaluate("heard") == [], "never by itself"
        if size[0] == 320:
            page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert problems_of(page) == []
        if "LOOK" in os.environ:
            page.screenshot(path=f"{os.environ['LOOK']}/aloud-{size[0]}.png")
        key.click()
        assert page.evaluate("heard") == ["What to do", "Say whether the text is good.", "good", "bad"]
        expect(page.get_by_role("button", name="Stop reading")).to_be_visible()
        key.click()
        expect(page.get_by_role("button", name="Read it to me")).to_be_visible()
