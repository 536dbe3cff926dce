import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from luoshi.infra import headers


@pytest.mark.django_db
def test_a_page_may_load_from_this_server_only_and_run_no_inline_script(client: Client) -> None:
    policy = client.get("/no-such-page/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_view_may_set_a_policy_of_its_own() -> None:
    own = HttpResponse(headers={"Content-Security-Policy": "default-src 'none'"})
    answer = headers.content_security_policy(lambda _: own)(RequestFactory().get("/"))
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
