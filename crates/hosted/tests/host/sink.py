"""A mail server that keeps nothing: says its port, then each message that it takes as a line of JSON."""

import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Sink:
    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        told = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": encrypted(server),
            "user": session.auth_data and session.auth_data.login.decode(),
            "headers": {name.lower(): value for name, value in message.items()},
            "text": message.get_content(),
        }
        print(json.dumps(told), flush=True)
        return "250 taken"


def encrypted(server):
    line = server.transport.get_extra_info("ssl_object")
    return line and line.version()


def offered(option):
    """TLS with the key and certificate in the file that follows `option`, if it is there."""
    if option not in sys.argv:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(sys.argv[sys.argv.index(option) + 1])
    return context


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
            tls_context=offered("--starttls"),
        )

    server = await asyncio.get_running_loop().create_server(serve, "127.0.0.1", 0, ssl=offered("--tls"))
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await server.serve_forever()


asyncio.run(main())
