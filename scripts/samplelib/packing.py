"""Containers that come out the same byte for byte on every machine: gzip, zip, mails, mboxes."""

import base64
import email.utils
import io
import struct
import zipfile
import zlib


def deflate(data, level=9):
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def gz(data, name=None, crc=None):
    """One gzip member without a time stamp. crc replaces the right checksum, to make damaged files."""
    flags, extra = (8, name.encode() + b"\0") if name else (0, b"")
    check = zlib.crc32(data) if crc is None else crc
    head = b"\x1f\x8b\x08" + bytes([flags]) + b"\0\0\0\0\0\xff" + extra
    return head + deflate(data) + struct.pack("<II", check, len(data) & 0xFFFFFFFF)


def zipped(members, stored=()):
    """A zip archive of (name, bytes) pairs; names in stored are not compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, (2026, 7, 1, 0, 0, 0))
            info.create_system = 3
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, data, compresslevel=9)
    return out.getvalue()


def base64_lines(data):
    text = base64.b64encode(data).decode()
    return "\n".join(text[i:i + 76] for i in range(0, len(text), 76)) + "\n"


def date_header(seconds):
    return email.utils.formatdate(seconds, usegmt=True)


def part(data, media_type, filename, disposition="attachment"):
    """A base64 MIME part with its headers, as text."""
    return (f'Content-Type: {media_type}; name="{filename}"\n'
            f'Content-Disposition: {disposition}; filename="{filename}"\n'
            f"Content-Transfer-Encoding: base64\n\n{base64_lines(data)}")


def text_part(text):
    return f"Content-Type: text/plain; charset=utf-8\n\n{text}\n"


def multipart(parts, boundary, subtype="mixed"):
    body = "".join(f"--{boundary}\n{p}" for p in parts)
    return f'Content-Type: multipart/{subtype}; boundary="{boundary}"\n\n{body}--{boundary}--\n'


def mail(sender, to, subject, seconds, message_id, content, mime_version=True):
    """A mail; content is a part or multipart: headers of its own, an empty line, the body."""
    head = (f"Return-Path: <{sender}>\nFrom: <{sender}>\nTo: <{to}>\nSubject: {subject}\n"
            f"Date: {date_header(seconds)}\nMessage-ID: <{message_id}>\n")
    return (head + ("MIME-Version: 1.0\n" if mime_version else "") + content).encode()


def mbox(mails, seconds=1782864000):
    """RFC 4155 with quoted From lines in bodies."""
    out = []
    for one in mails:
        stamp = email.utils.formatdate(seconds, usegmt=True)
        stamp = f"{stamp[0:3]} {stamp[8:11]} {stamp[5:7]} {stamp[17:25]} {stamp[12:16]}"
        quoted = b"\n".join(b">" + line if line.lstrip(b">").startswith(b"From ") else line
                            for line in one.split(b"\n"))
        out.append(f"From reports@example.com {stamp}\n".encode() + quoted.rstrip(b"\n") + b"\n\n")
    return b"".join(out)
