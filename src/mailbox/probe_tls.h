/*
 * probe_tls: a TLS handshake that goes on whatever is wrong with the certificate, and tells all of it; for
 * probe.c. Nothing secret is ever sent over such a connection.
 */
#ifndef DMARCQ_MAILBOX_PROBE_TLS_H
#define DMARCQ_MAILBOX_PROBE_TLS_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TLS_CHAIN = 10 /* certificates that are looked at; servers send two or three */ };

struct tls_certificate {
	const char *subject, *issuer;  /* RFC 2253: "CN=mail.example.com,O=Example" */
	const char *names;             /* what it is for: "mail.example.com, *.example.net"; "" for a CA */
	int64_t not_before, not_after; /* UTC seconds */
	bool self_issued;              /* subject and issuer are the same */
	bool tells_issuer; /* it says where its issuer's certificate is to be had: public CAs do */
};

enum tls_answer {
	TLS_DONE,
	TLS_NO_TRUST, /* the CA certificates can't be read: trouble says why */
	TLS_SILENT,   /* nothing came in time */
	TLS_CLOSED,   /* the server hung up */
	TLS_NO_TLS,   /* the server speaks, but not TLS */
	TLS_OLD,      /* only versions before 1.2 */
	TLS_TROUBLE,  /* anything else: trouble says what */
};

enum tls_verdict {
	TLS_TRUSTED,
	TLS_SELF_SIGNED,    /* the server's certificate is its own issuer, and not a trusted one */
	TLS_UNKNOWN_ROOT,   /* the chain is whole, but ends with a CA that is not trusted */
	TLS_UNKNOWN_ISSUER, /* the issuer of the last certificate is neither sent nor trusted */
	TLS_EXPIRED,
	TLS_NOT_YET_VALID,
	TLS_UNTRUSTED, /* anything else: trouble says what */
};

struct tls_facts {
	enum tls_answer answer;
	char trouble[256]; /* OpenSSL's words */
	char version[16];  /* "TLSv1.3"; of TLS_OLD: what the server offers, or "" */
	char cipher[64];
	enum tls_verdict verdict;
	size_t at; /* which certificate the verdict is about */
	bool name_matches;
	struct tls_certificate chain[TLS_CHAIN]; /* as the server sent them, its own first */
	size_t count;
};

/* Which CA certificates are trusted; NULL: none of this kind. */
struct tls_trust {
	const char *file, *folder;
};

struct tls;

/*
 * Shakes hands over a connected, non-blocking socket until the deadline (net_now). host is the name that the
 * certificate must have, or an address. *tls is NULL when the answer is not TLS_DONE. Texts of the facts are
 * the arena's.
 */
void probe_tls_start(struct tls **tls, struct tls_facts *facts, struct arena *arena, int fd, const char *host,
    const struct tls_trust *trust, int64_t deadline);
/*
 * The version that a server offers to somebody who takes old ones too, over another connection; "" when that
 * fails as well.
 */
void probe_tls_old_version(char version[16], int fd, const char *host, int64_t deadline);
/* Bytes read or written, 0 when the connection is closed, -1 past the deadline or broken. */
long probe_tls_read(struct tls *tls, void *bytes, size_t len, int64_t deadline);
long probe_tls_write(struct tls *tls, const void *bytes, size_t len, int64_t deadline);
/* The socket stays open. NULL is accepted. */
void probe_tls_free(struct tls *tls);

#endif
