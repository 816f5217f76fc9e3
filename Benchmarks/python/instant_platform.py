# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""The peer's applications, a platform in the process that answers them, and what fills their caches."""

import json
import threading
import time

import msal

from data import ACCESS_TOKEN_LENGTH, CLIENT_ID, HOST, TENANT, USER_SCOPES, sign_in_answer, token


class Answer:
    def __init__(self, value):
        self.status_code = 200
        self.text = json.dumps(value)
        self.headers = {"Content-Type": "application/json"}

    def raise_for_status(self):
        pass


class InstantPlatform:
    """The identity platform as far as this needs it: it answers at once, or after a while, and counts."""

    def __init__(self):
        self.delay = 0
        self.lifetime = 3_600
        self.token_requests = 0
        self.lock = threading.Lock()

    def get(self, url, **_):
        if "/.well-known/" not in url:
            raise AssertionError(url)
        base = url.split("/v2.0/")[0]
        return Answer(
            {
                "issuer": f"{base}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            }
        )

    def post(self, url, **_):
        with self.lock:
            self.token_requests += 1
        if self.delay:
            time.sleep(self.delay)
        return Answer(
            {"token_type": "Bearer", "expires_in": self.lifetime, "access_token": token(url, ACCESS_TOKEN_LENGTH)}
        )

    def close(self):
        pass


def make_application(cache, platform=None, tenant=TENANT):
    return msal.ConfidentialClientApplication(
        CLIENT_ID,
        client_credential="secret",
        authority=f"https://{HOST}/{tenant}",
        token_cache=cache,
        http_client=platform or InstantPlatform(),
    )


def add_application_token(cache, tenant, scope, **members):
    cache.add(
        {
            "client_id": CLIENT_ID,
            "scope": [scope],
            "token_endpoint": f"https://{HOST}/{tenant}/oauth2/v2.0/token",
            "environment": HOST,
            "grant_type": "client_credentials",
            "response": {
                "token_type": "Bearer",
                "expires_in": 36_000,
                "access_token": token(f"{tenant} {scope}", ACCESS_TOKEN_LENGTH),
                **members,
            },
            "data": {},
        }
    )


def sign_in_event(user):
    return {
        "client_id": CLIENT_ID,
        "scope": USER_SCOPES,
        "token_endpoint": f"https://{HOST}/{TENANT}/oauth2/v2.0/token",
        "environment": HOST,
        "grant_type": "authorization_code",
        "response": sign_in_answer(user),
        "data": {},
    }


def add_users(cache, count):
    for user in range(count):
        cache.add(sign_in_event(user))
