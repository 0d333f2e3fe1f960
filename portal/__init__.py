"""The portal: settings, services, URLs and the Celery application. Importing it starts nothing and needs no Django."""
