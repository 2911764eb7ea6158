from server.celery import app as celery_app  # shared_task needs the application loaded with Django

__all__ = ["celery_app"]
