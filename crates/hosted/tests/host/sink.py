"""A mail server that keeps nothing: says its port, then each message that it takes as a line of JSON."""

import asyncio
import email
import email.policy
import json
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Sink:
    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        told = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "user": session.auth_data and session.auth_data.login.decode(),
            "headers": {name.lower(): value for name, value in message.items()},
            "text": message.get_content(),
        }
        print(json.dumps(told), flush=True)
        return "250 taken"


def known(server, session, envelope, mechanism, data):
    return AuthResult(success=data.password == b"open sesame 17", auth_data=data)


async def main():
    wants_password = "--password" in sys.argv

    def serve():
        return SMTP(
            Sink(),
            hostname="sink.test",
            authenticator=known,
            auth_required=wants_password,
            auth_require_tls=False,
        )

    server = await asyncio.get_running_loop().create_server(serve, "127.0.0.1", 0)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await server.serve_forever()


asyncio.run(main())
