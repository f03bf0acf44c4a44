/*
 * probe_tls: the handshake by OpenSSL itself, because libcurl says only that a certificate is bad, and hangs
 * up. What is trusted is what link.c trusts: TLS 1.2 or newer, and a CA file or folder of the same place.
 */
#include "mailbox/probe_tls.h"

#include "base/mem.h"
#include "mailbox/probe_net.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	NAME_TEXT = 512,   /* bytes of a subject that are kept */
	NAMES_TEXT = 1024, /* bytes of all names together */
	NAMES_SHOWN = 50,
};

struct tls {
	SSL_CTX *context;
	SSL *ssl;
	int fd;
};

static enum tls_verdict
verdict_of(int error)
{
	switch (error) {
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
		return TLS_SELF_SIGNED;
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		return TLS_UNKNOWN_ROOT;
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		return TLS_UNKNOWN_ISSUER;
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return TLS_EXPIRED;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return TLS_NOT_YET_VALID;
	default:
		return TLS_UNTRUSTED;
	}
}

/* Called with each thing that is wrong. The first one counts; the handshake goes on. */
static int
on_verify(int good, X509_STORE_CTX *store)
{
	const SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct tls_facts *facts = SSL_get_app_data(ssl);
	int error = X509_STORE_CTX_get_error(store), depth = X509_STORE_CTX_get_error_depth(store);

	if (good || facts->verdict != TLS_TRUSTED)
		return 1;
	facts->verdict = verdict_of(error);
	facts->at = depth > 0 ? (size_t)depth : 0;
	(void)snprintf(facts->trouble, sizeof facts->trouble, "%s", X509_verify_cert_error_string(error));
	return 1;
}

/* What was written into memory, as text of the arena; at most so many bytes. Frees the memory. */
static const char *
written(struct arena *arena, BIO *memory, size_t most)
{
	char *data = NULL, *text;
	long len = BIO_get_mem_data(memory, &data);
	size_t n = len < 0 ? 0 : (size_t)len < most ? (size_t)len : most;

	text = arena_zero(arena, n + 1);
	if (n > 0)
		memcpy(text, data, n);
	(void)BIO_free(memory);
	return text;
}

static BIO *
memory_new(void)
{
	BIO *memory = BIO_new(BIO_s_mem());

	if (memory == NULL)
		abort();
	return memory;
}

static const char *
name_text(struct arena *arena, const X509_NAME *name)
{
	BIO *memory = memory_new();

	(void)X509_NAME_print_ex(memory, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB);
	return written(arena, memory, NAME_TEXT);
}

static void
put_address(BIO *memory, const ASN1_OCTET_STRING *bytes)
{
	char text[INET6_ADDRSTRLEN] = "?";
	int len = ASN1_STRING_length(bytes);

	if (len == 4 || len == 16)
		(void)inet_ntop(
		    len == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(bytes), text, sizeof text);
	(void)BIO_puts(memory, text);
}

/* DNS names and addresses (RFC 5280 section 4.2.1.6), one behind the other. */
static const char *
names_text(struct arena *arena, X509 *certificate)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	const GENERAL_NAME *name;
	BIO *memory = memory_new();
	int i, shown = 0;

	for (i = 0; i < sk_GENERAL_NAME_num(names) && shown < NAMES_SHOWN; i++) {
		name = sk_GENERAL_NAME_value(names, i);
		if (name->type != GEN_DNS && name->type != GEN_IPADD)
			continue;
		if (shown++ > 0)
			(void)BIO_puts(memory, ", ");
		if (name->type == GEN_DNS)
			(void)BIO_write(memory, ASN1_STRING_get0_data(name->d.dNSName),
			    ASN1_STRING_length(name->d.dNSName));
		else
			put_address(memory, name->d.iPAddress);
	}
	GENERAL_NAMES_free(names);
	return written(arena, memory, NAMES_TEXT);
}

static int64_t
seconds_of(const ASN1_TIME *time)
{
	struct tm parts = {0};

	return ASN1_TIME_to_tm(time, &parts) == 1 ? (int64_t)timegm(&parts) : 0;
}

static bool
tells_issuer(X509 *certificate)
{
	AUTHORITY_INFO_ACCESS *places = X509_get_ext_d2i(certificate, NID_info_access, NULL, NULL);
	bool tells = false;
	int i;

	for (i = 0; i < sk_ACCESS_DESCRIPTION_num(places); i++)
		tells =
		    tells || OBJ_obj2nid(sk_ACCESS_DESCRIPTION_value(places, i)->method) == NID_ad_ca_issuers;
	AUTHORITY_INFO_ACCESS_free(places);
	return tells;
}

static void
take_chain(struct tls_facts *facts, struct arena *arena, const SSL *ssl)
{
	STACK_OF(X509) *chain = SSL_get_peer_cert_chain(ssl);
	struct tls_certificate *to;
	X509 *from;
	int i;

	for (i = 0; i < sk_X509_num(chain) && facts->count < TLS_CHAIN; i++) {
		from = sk_X509_value(chain, i);
		to = &facts->chain[facts->count++];
		to->subject = name_text(arena, X509_get_subject_name(from));
		to->issuer = name_text(arena, X509_get_issuer_name(from));
		to->names = names_text(arena, from);
		to->not_before = seconds_of(X509_get0_notBefore(from));
		to->not_after = seconds_of(X509_get0_notAfter(from));
		to->self_issued = X509_NAME_cmp(X509_get_subject_name(from), X509_get_issuer_name(from)) == 0;
		to->tells_issuer = tells_issuer(from);
	}
}

static void
take_facts(struct tls_facts *facts, struct arena *arena, const SSL *ssl, const char *host)
{
	X509 *own = SSL_get0_peer_certificate(ssl);

	(void)snprintf(facts->version, sizeof facts->version, "%s", SSL_get_version(ssl));
	(void)snprintf(facts->cipher, sizeof facts->cipher, "%s", SSL_get_cipher_name(ssl));
	take_chain(facts, arena, ssl);
	if (own != NULL)
		facts->name_matches =
		    net_is_address(host)
			? X509_check_ip_asc(own, host, 0) == 1
			: X509_check_host(own, host, 0, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, NULL) == 1;
}

static enum tls_answer
trouble(struct tls_facts *facts, enum tls_answer answer)
{
	unsigned long code = ERR_peek_error();
	const char *words =
	    ERR_SYSTEM_ERROR(code) ? strerror(ERR_GET_REASON(code)) : ERR_reason_error_string(code);

	(void)snprintf(
	    facts->trouble, sizeof facts->trouble, "%s", words != NULL ? words : "no reason given");
	return answer;
}

/* Why the handshake failed; error is SSL_get_error's. */
static enum tls_answer
answer_of(struct tls_facts *facts, int error)
{
	switch (ERR_GET_REASON(ERR_peek_error())) {
	case 0:
		break;
	case SSL_R_WRONG_VERSION_NUMBER:
	case SSL_R_HTTP_REQUEST:
	case SSL_R_PACKET_LENGTH_TOO_LONG:
		return trouble(facts, TLS_NO_TLS);
	case SSL_R_UNSUPPORTED_PROTOCOL:
	case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
		return trouble(facts, TLS_OLD);
	case SSL_R_UNEXPECTED_EOF_WHILE_READING:
		return TLS_CLOSED;
	default:
		return trouble(facts, TLS_TROUBLE);
	}
	return error == SSL_ERROR_SYSCALL || error == SSL_ERROR_ZERO_RETURN ? TLS_CLOSED
									    : trouble(facts, TLS_TROUBLE);
}

/* Repeats what OpenSSL could not do without waiting. False: it is past the deadline, or a failure. */
static bool
may_go_on(const struct tls *tls, int error, int64_t deadline)
{
	if (error == SSL_ERROR_WANT_READ)
		return net_wait(tls->fd, POLLIN, deadline);
	if (error == SSL_ERROR_WANT_WRITE)
		return net_wait(tls->fd, POLLOUT, deadline);
	return false;
}

static enum tls_answer
shake(struct tls *tls, struct tls_facts *facts, int64_t deadline)
{
	int code, error;

	for (;;) {
		ERR_clear_error();
		code = SSL_connect(tls->ssl);
		if (code == 1)
			return TLS_DONE;
		error = SSL_get_error(tls->ssl, code);
		if (may_go_on(tls, error, deadline))
			continue;
		return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE
			   ? TLS_SILENT
			   : answer_of(facts, error);
	}
}

static struct tls *
tls_new(int fd, const char *host, int least)
{
	struct tls *tls = mem_zero(1, sizeof *tls);
	char name[NET_HOST]; /* OpenSSL's macro takes none that is const */

	(void)snprintf(name, sizeof name, "%s", host);
	tls->fd = fd;
	tls->context = SSL_CTX_new(TLS_client_method());
	if (tls->context == NULL || SSL_CTX_set_min_proto_version(tls->context, least) != 1)
		abort();
	if (least < TLS1_2_VERSION)
		SSL_CTX_set_security_level(tls->context, 0);
	tls->ssl = SSL_new(tls->context);
	if (tls->ssl == NULL || SSL_set_fd(tls->ssl, fd) != 1)
		abort();
	if (!net_is_address(host))
		(void)SSL_set_tlsext_host_name(tls->ssl, name);
	return tls;
}

/* libcurl trusts a CA in the file that is signed by another one, too. */
static bool
load_trust(struct tls *tls, const struct tls_trust *trust)
{
	X509_STORE *store = SSL_CTX_get_cert_store(tls->context);

	(void)X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST);
	ERR_clear_error();
	if (trust->file != NULL && X509_STORE_load_file(store, trust->file) != 1)
		return false;
	return trust->folder == NULL || X509_STORE_load_path(store, trust->folder) == 1;
}

void
probe_tls_start(struct tls **out, struct tls_facts *facts, struct arena *arena, int fd, const char *host,
    const struct tls_trust *trust, int64_t deadline)
{
	struct tls *tls = tls_new(fd, host, TLS1_2_VERSION);

	*out = NULL;
	*facts = (struct tls_facts){.answer = TLS_NO_TRUST};
	if (load_trust(tls, trust)) {
		(void)SSL_set_app_data(tls->ssl, facts);
		SSL_set_verify(tls->ssl, SSL_VERIFY_PEER, on_verify);
		facts->answer = shake(tls, facts, deadline);
	} else
		(void)trouble(facts, TLS_NO_TRUST);
	if (facts->answer == TLS_DONE) {
		take_facts(facts, arena, tls->ssl, host);
		*out = tls;
	} else
		probe_tls_free(tls);
}

void
probe_tls_old_version(char version[16], int fd, const char *host, int64_t deadline)
{
	struct tls *tls = tls_new(fd, host, TLS1_VERSION);
	struct tls_facts ignored = {.answer = TLS_TROUBLE};

	version[0] = '\0';
	if (shake(tls, &ignored, deadline) == TLS_DONE)
		(void)snprintf(version, 16, "%s", SSL_get_version(tls->ssl));
	probe_tls_free(tls);
}

long
probe_tls_read(struct tls *tls, void *bytes, size_t len, int64_t deadline)
{
	size_t n = 0;
	int error;

	for (;;) {
		ERR_clear_error();
		if (SSL_read_ex(tls->ssl, bytes, len, &n) == 1)
			return (long)n;
		error = SSL_get_error(tls->ssl, 0);
		if (!may_go_on(tls, error, deadline))
			return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? -1 : 0;
	}
}

long
probe_tls_write(struct tls *tls, const void *bytes, size_t len, int64_t deadline)
{
	size_t n = 0;
	int error;

	for (;;) {
		ERR_clear_error();
		if (SSL_write_ex(tls->ssl, bytes, len, &n) == 1)
			return (long)n;
		error = SSL_get_error(tls->ssl, 0);
		if (!may_go_on(tls, error, deadline))
			return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? -1 : 0;
	}
}

void
probe_tls_free(struct tls *tls)
{
	if (tls == NULL)
		return;
	SSL_free(tls->ssl);
	SSL_CTX_free(tls->context);
	free(tls);
}
