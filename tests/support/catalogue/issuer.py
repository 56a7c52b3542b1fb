"""A small OpenID Connect issuer for tests, on 127.0.0.1: it signs in whoever it is told to, right or wrong."""

import hashlib
import json
import secrets
import time
from base64 import urlsafe_b64encode

from fastapi import FastAPI, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "panfair-core"
SECRET = "issuer-and-core-know-it"


class Issuer:
    """What the issuer says; each test bends it where it likes."""

    def __init__(self) -> None:
        self.subject = "subject-of-ada"
        self.address = ""
        self.audience = CLIENT
        self.nonce: str | None = None
        self.expires_in = 300
        self.denies = False
        self.claims: dict[str, object] = {}
        self.keeps_back_the_id_token = False
        self._key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.signing_key = self._key
        self._codes: dict[str, dict[str, str]] = {}
        self.app = FastAPI()
        self.app.get("/.well-known/openid-configuration")(self.discovery)
        self.app.get("/jwks")(self.jwks)
        self.app.get("/authorize")(self.authorize)
        self.app.post("/token")(self.token)

    def forge(self) -> None:
        """Signs from now on with a key that the issuer does not publish."""
        self.signing_key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})

    def discovery(self) -> JSONResponse:
        return JSONResponse(
            {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def jwks(self) -> JSONResponse:
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})

    def authorize(self, request: Request) -> RedirectResponse:
        asked = dict(request.query_params)
        if self.denies:
            return RedirectResponse(f"{asked['redirect_uri']}?error=access_denied&state={asked['state']}")
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?code={code}&state={asked['state']}")

    def token(self, code: str = Form(), code_verifier: str = Form("")) -> JSONResponse:
        asked = self._codes.pop(code, None)
        challenge = urlsafe_b64encode(hashlib.sha256(code_verifier.encode()).digest()).rstrip(b"=").decode()
        if asked is None or challenge != asked.get("code_challenge"):
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": self.address,
            "sub": self.subject,
            "aud": self.audience,
            "iat": now,
            "exp": now + self.expires_in,
            "nonce": self.nonce or asked["nonce"],
            **self.claims,
        }
        token = jwt.encode({"alg": "RS256", "kid": "one"}, json.loads(json.dumps(claims)), self.signing_key)
        answer: dict[str, object] = {"access_token": "a", "token_type": "Bearer", "expires_in": self.expires_in}
        if self.keeps_back_the_id_token:
            return JSONResponse(answer | {"userinfo": claims})
        return JSONResponse(answer | {"id_token": token})
