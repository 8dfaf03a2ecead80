"""What habanero is asked for: the registration agency of a DOI, and citations by content negotiation.

habanero is imported only when needed (99 ms), and none of its six kinds of exception leaves here: each becomes an
answer with a status, which the transport judges like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from refcheck.sources.http.addresses import encoded
from refcheck.sources.http.transport import Answer, Refused, Transport, Unreachable, Unusable


def agency(doi: str, transport: Transport, *, mailto: str = "") -> str:
    """The name of the agency that registered a DOI ("Crossref", "DataCite" …); "" if none did.

    Raises SourceUnavailable.
    """
    import habanero

    client = habanero.Crossref(
        base_url=transport.base_url, mailto=mailto or None, timeout=max(1, round(transport.timeout[1]))
    )
    # habanero puts the DOI into the address as it is, and splits it at blanks.
    quoted = encoded(doi)
    labels: list[str] = []

    def send() -> Answer:
        def call() -> str:
            labels[:] = client.registration_agency(quoted)
            return labels[0]

        return answered(call)

    def read(answer: Answer) -> str:
        if answer.status == 200 and labels and isinstance(labels[0], str):
            return labels[0]
        if answer.status == 404 and not answer.looks_like_html:
            return ""
        if answer.status == 404:
            raise Unusable("it answered with an HTML page")
        raise Refused(f"it does not tell agencies (status {answer.status})")

    url = f"{transport.base_url}/works/{quoted}/agency"
    return transport.call(send, url, bucket="single", read=read)


def answered(call: Callable[[], str]) -> Answer:
    """What became of a call of habanero, as an answer. Raises Unusable when there was none."""
    import habanero
    import httpx2

    try:
        return Answer(200, {}, call().encode())
    except httpx2.HTTPStatusError as exc:
        return _answer(exc.response)
    except habanero.RequestError as exc:
        # Raised with the status and text of an answer that is not JSON: 404s with status 200 among them.
        status, text = exc.args[0], str(exc.args[1])
        if status == 200:
            raise Unusable("it answered with something that is not JSON") from None
        return Answer(status, {}, text.encode())
    except httpx2.TimeoutException:
        raise Unusable("it gave no answer in time") from None
    except httpx2.ConnectError:
        raise Unreachable("no connection to the server") from None
    except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, RuntimeError, OSError):
        raise Unusable("the connection broke off") from None
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        # What habanero makes of broken JSON, of JSON of another shape and of a missing Content-Type.
        raise Unusable("its answer has an unknown shape") from None


def _answer(response: Any) -> Answer:
    return Answer(response.status_code, response.headers, response.content)
