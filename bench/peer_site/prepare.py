"""One queue that the public may file into."""

import django

django.setup()

from helpdesk.models import Queue  # noqa: E402

Queue.objects.create(title="Pengaduan", slug="pengaduan", allow_public_submission=True)
