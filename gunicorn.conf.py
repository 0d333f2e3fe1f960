"""How gunicorn serves the portal; its command line and WEB_CONCURRENCY win over this."""

workers = 2
worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 10
max_requests = 5000
max_requests_jitter = 500
control_socket_disable = True  # it would make a folder in the user's home
