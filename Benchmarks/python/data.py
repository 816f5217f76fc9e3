# swift-msal: Microsoft authentication for server-side Swift
# SPDX-License-Identifier: Apache-2.0
"""The same data on both sides: what TestData.swift makes is made alike here."""

import base64
import json
import random
import time

HOST = "login.microsoftonline.com"
CLIENT_ID = "7d9e1c42-58ab-4f3d-8e60-b1c2d3e4f5a6"
TENANT = "5f3c2a10-6d1e-4b8a-9c57-0e2f4a6b8c1d"
ACCESS_TOKEN_LENGTH = 1_600
REFRESH_TOKEN_LENGTH = 1_200
USER_SCOPES = ["User.Read", "Mail.Read", "Calendars.Read"]
# As the platform answers: what was asked for, and what it adds.
GRANTED = " ".join(USER_SCOPES) + " openid profile email"


def guid(number, kind=0):
    spread = (number * 0x9E3779B1 + kind) & 0xFFFFFFFF
    return f"{spread:08x}-6d1e-4b8a-9c5{kind}-{number:012x}"


def application_scope(number):
    return f"https://api-{number}.contoso.example/.default"


def token(purpose, length):
    head = "".join(character if character.isalnum() else "." for character in purpose)
    return head + "x" * max(0, length - len(head))


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def id_token(user):
    """Eight claims, and the room of an RSA signature by 2,048 bits."""
    now = int(time.time())
    claims = {
        "iss": f"https://{HOST}/{TENANT}/v2.0",
        "aud": CLIENT_ID,
        "sub": f"subject-{user}",
        "oid": guid(user, 2),
        "tid": TENANT,
        "preferred_username": f"user{user}@contoso.example",
        "iat": now,
        "exp": now + 36_000,
    }
    header = {"typ": "JWT", "alg": "RS256", "kid": "1LTMzakihiRla_8z2BEJVXeWMqo"}
    parts = [base64url(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims)]
    return ".".join([*parts, "x" * 342])


def sign_in_answer(user):
    info = json.dumps({"uid": guid(user, 2), "utid": TENANT}, separators=(",", ":")).encode()
    return {
        "token_type": "Bearer",
        "expires_in": 36_000,
        "scope": GRANTED,
        "access_token": token(f"user {user}", ACCESS_TOKEN_LENGTH),
        "refresh_token": token(f"refresh {user}", REFRESH_TOKEN_LENGTH),
        "id_token": id_token(user),
        "client_info": base64url(info),
    }


def shuffled(values):
    """In an order that is the same in every run."""
    values = list(values)
    random.Random(0x5EED).shuffle(values)
    return values
