"""What the code calls things, as people say it. A name that is not here is shown as it is."""

from django.utils.translation import gettext_lazy as _

MEDIA = {
    "image": _("pictures"),
    "text": _("text"),
    "audio": _("sound"),
    "video": _("video"),
    "pair": _("pairs"),
}
ACCOUNTS = {
    "requester_funds": _("Requesters' funds"),
    "batch_escrow": _("Batches' escrow"),
    "worker_pending": _("Workers: being checked"),
    "worker_available": _("Workers: theirs to take"),
    "payout_in_flight": _("Payouts on their way"),
    "provider_float": _("Held with the payment service"),
    "platform_fee": _("Fees of the platform"),
    "provider_cost": _("Charges of the payment service"),
    "goodwill": _("Goodwill"),
    "suspense": _("In suspense"),
    "requester_debt": _("Owed by requesters"),
    "donation": _("Given away"),
}
TRANSFERS = {
    "deposit": _("Deposit"),
    "deposit paid": _("Deposit arrived"),
    "deposit reversed": _("Deposit taken back"),
    "fund": _("Into escrow"),
    "close": _("Back from escrow"),
    "earn": _("Answer taken"),
    "settle": _("Answer settled"),
    "base": _("Base pay after a day"),
    "refuse": _("Answer refused"),
    "goodwill": _("Goodwill"),
    "recover": _("Escrow to what is owed"),
    "donate": _("Given away"),
    "fund goodwill": _("Into goodwill"),
    "bring forward": _("Goodwill before it was funded"),
    "put right": _("Put right after an appeal"),
    "payout requested": _("Payout asked for"),
    "payout paid": _("Payout arrived"),
    "payout failed": _("Payout came back"),
    "payout reversed": _("Payout taken back"),
    "payout cancelled": _("Payout called back"),
}
LINKS = {
    "number": _("paid to one number"),
    "device": _("asked from one device"),
    "network": _("asked from one network"),
    "burst": _("made, and paid for the first time, within a day"),
    "flagged": _("two of them flagged for how they answer"),
    "close": _("answers within seconds of each other on one device"),
}
WAITS = {
    "first": _("a first payout"),
    "destination": _("a new number"),
    "settling": _("money of a new organisation"),
    "look": _("a person's look"),
}
ROLES = {  # of a table's columns
    "text": _("the text to label"),
    "file": _("the file to label"),
    "url": _("the address of what to label"),
    "id": _("your own number for it"),
    "gold": _("the known answer"),
    "suggestion": _("a guess to show beside it"),
    "explanation": _("why that answer is right"),
    "metadata": _("kept beside it"),
    "ignore": _("left out"),
}
OWN_ROLES = {  # of the labels in a file that we wrote
    "gold": _("known answers: mixed in unseen, asked no more"),
    "suggestion": _("guesses that workers see after their own answer"),
    "ignore": _("nothing: only items, names and metadata are read"),
}
STATES = {
    "created": _("asked for"),
    "sent": _("on its way"),
    "unknown": _("outcome not known"),
    "paid": _("paid"),
    "failed": _("failed"),
    "reversed": _("taken back"),
    "cancelled": _("called back"),
    "signed": _("signed"),
    "final": _("final"),
    "waiting": _("waiting"),
    "running": _("running"),
    "asks": _("asks you"),
    "done": _("done"),
    "building": _("being made"),
    "ready": _("ready"),
    "live": _("live"),
    "retired": _("replaced"),
    "refused": _("refused"),
    "owner": _("owner"),
    "manager": _("manager"),
    "viewer": _("viewer"),
    "model": _("the model"),
    "crowd": _("people"),
    "reviewer": _("a reviewer"),
}
COLUMNS = {
    "label": _("Label"),
    "confidence": _("Confidence"),
    "agreement": _("Agreement"),
    "answers": _("Answers"),
    "state": _("State"),
    "source": _("Source"),
    "dataset": _("Dataset"),
    "added": _("Added"),
}
