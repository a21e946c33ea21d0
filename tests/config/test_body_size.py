from config.body_size import body_size_middleware


def test_a_body_larger_than_any_form_is_turned_away_unread(client, settings):
    settings.LARGEST_REQUEST = 10
    address = "/sign-in/"
    assert client.post(address, "a=" + "b" * 9, content_type="text/plain").status_code == 413


def test_a_form_of_the_largest_size_is_read(rf, settings):
    settings.LARGEST_REQUEST = 10
    request = rf.post("/", "a" * 10, content_type="text/plain")
    assert body_size_middleware(lambda _request: "read")(request) == "read"
