"""A small IMAP server: one mailbox, and what is said to it, written down."""

import socketserver
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any


class MailboxOf:
    """What lies in the mailbox, and how its server feels today."""

    def __init__(self) -> None:
        self.messages: dict[str, bytes] = {}
        self.seen: set[str] = set()
        self.commands: list[str] = []
        self.login = 'board@b.example "s3cret/@"'
        self.port = 0

    def answer(self, command: str) -> tuple[list[bytes], str]:
        """The untagged lines, and the status of the command."""
        name, _, rest = command.partition(" ")
        match name:
            case "CAPABILITY":
                return [b"* CAPABILITY IMAP4rev1"], "OK"
            case "LOGIN":
                wrong = "NO [AUTHENTICATIONFAILED] Wrong name or password"
                return [], "OK" if rest == self.login else wrong
            case "SELECT":
                return [f"* {len(self.messages)} EXISTS".encode()], (
                    "OK" if rest == '"Answers"' else "NO There is no such folder"
                )
            case "UID":
                return self._uid(*rest.split(" ", 2)), "OK"
            case "LOGOUT":
                return [b"* BYE"], "OK"
            case _:
                return [], "BAD"

    def _uid(self, name: str, which: str, what: str = "") -> list[bytes]:
        if name == "SEARCH":
            waiting = [one for one in self.messages if one not in self.seen]
            return [f"* SEARCH {' '.join(waiting)}".rstrip().encode()]
        if name == "STORE":
            self.seen.add(which)
            return []
        content = self.messages[which]
        size = str(len(content)).encode()
        fetched = b"* " + which.encode() + b" FETCH (UID " + which.encode()
        if what == "(RFC822.SIZE)":
            return [fetched + b" RFC822.SIZE " + size + b")"]
        return [fetched + b" BODY[] {" + size + b"}\r\n" + content + b")"]


@contextmanager
def listening(mailbox: MailboxOf) -> Generator[None]:
    """The server answers on `mailbox.port` meanwhile."""

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            for line in self.rfile:
                tag, _, command = line.decode().strip().partition(" ")
                mailbox.commands.append(command)
                lines, status = mailbox.answer(command)
                self.wfile.write(b"".join(one + b"\r\n" for one in lines))
                self.wfile.write(f"{tag} {status} done\r\n".encode())
                if command == "LOGOUT":
                    return

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", mailbox.port), Talk) as server:
        mailbox.port = server.server_address[1]
        serving: Any = threading.Thread(target=server.serve_forever, args=(0.05,))
        serving.start()
        yield
        server.shutdown()
        serving.join()
