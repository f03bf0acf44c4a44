/*
 * link: libcurl in CURLOPT_CONNECT_ONLY mode. Its own dialogues for IMAP and POP3 end with the login: they
 * mark mails seen, cut long answers and take lines inside a mail for answers.
 */
#include "mailbox/link.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "mailbox/link_failure.h"

#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	INPUT = 2 * LINK_LINE, /* what came and was not asked for yet */
	TICK = 250,            /* milliseconds between two looks at stop */
};

struct link {
	CURL *curl;
	curl_socket_t fd;
	unsigned timeout;
	bool (*stop)(void);
	int64_t connected; /* milliseconds: when the connection stood, or TLS on it; 0: not yet */
	bool secure;
	bool mute; /* nobody greeted in time */
	unsigned char input[INPUT];
	size_t start, end;
	bool heard;                    /* the server said something during login */
	char said[256];                /* the server's last refusal, during login */
	char trouble[CURL_ERROR_SIZE]; /* libcurl's */
};

static void
start_curl(void)
{
	(void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* CURLOPT_HEADERFUNCTION: answers of the server during the login; a refusal gives its reason nowhere else. */
static size_t
on_answer(char *line, size_t size, size_t count, void *data)
{
	struct link *link = data;
	size_t len = size * count;
	struct str text = str_trim((struct str){line, len});
	char challenge[sizeof link->said];
	const char *no = NULL;
	size_t i;

	link->heard = true;
	for (i = 0; i + 3 < text.len && i < 16; i++)
		if (memcmp(text.data + i, " NO ", 4) == 0 || memcmp(text.data + i, " BAD", 4) == 0)
			no = text.data + i + 1;
	if (text.len > 4 && memcmp(text.data, "-ERR", 4) == 0)
		no = text.data;
	if (text.len > 5 && text_same_nocase(text.data, 5, "* BYE"))
		no = text.data + 2;
	if (link_challenge(challenge, sizeof challenge, text))
		(void)snprintf(link->said, sizeof link->said, "%s", challenge);
	if (no != NULL)
		(void)snprintf(link->said, sizeof link->said, "%.*s",
		    (int)(text.data + text.len - no > 200 ? 200 : text.data + text.len - no), no);
	return len;
}

static int64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static unsigned
greeting_seconds(const struct link *link)
{
	return link->timeout < LINK_GREETING ? link->timeout : LINK_GREETING;
}

/*
 * Whether the server is connected and has said nothing for too long, be it TLS or a greeting. Of TLS libcurl
 * tells when it stands; of the connection below it only its own port.
 */
static bool
is_mute(struct link *link)
{
	curl_off_t secure = 0;
	long port = 0;

	(void)curl_easy_getinfo(link->curl, CURLINFO_LOCAL_PORT, &port);
	(void)curl_easy_getinfo(link->curl, CURLINFO_APPCONNECT_TIME_T, &secure);
	if ((link->connected == 0 && port > 0) || (!link->secure && secure > 0))
		link->connected = now_ms();
	link->secure = secure > 0;
	return link->connected > 0 && !link->heard &&
	       now_ms() - link->connected > (int64_t)greeting_seconds(link) * 1000;
}

static int
on_progress(void *data, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	struct link *link = data;

	(void)a;
	(void)b;
	(void)c;
	(void)d;
	link->mute = link->mute || is_mute(link);
	return link->mute || (link->stop != NULL && link->stop());
}

static enum status
set_up(struct link *link, const struct account *account, const struct secret *secret, struct err *err)
{
	static const char *const names[] = {"imap", "pop3"};
	CURL *curl = link->curl;
	char url[512];
	CURLcode bad;

	if (strlen(account->host) > 255)
		return err_stop(err, EXIT_CODE_CONFIG, "the name of the host is longer than 255 bytes");
	(void)snprintf(url, sizeof url, "%s%s://%s:%u/", names[account->protocol],
	    account->security == ACCOUNT_TLS ? "s" : "", account->host, account->port);
	bad = curl_easy_setopt(curl, CURLOPT_URL, url);
	bad |= curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "imap,imaps,pop3,pop3s");
	bad |= curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
	bad |= curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	bad |= curl_easy_setopt(curl, CURLOPT_PROXY, "");
	bad |= curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, link->trouble);
	bad |= curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_answer);
	bad |= curl_easy_setopt(curl, CURLOPT_HEADERDATA, link);
	bad |= curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	bad |= curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	bad |= curl_easy_setopt(curl, CURLOPT_XFERINFODATA, link);
	bad |= curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)account->timeout);
	bad |= curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)account->timeout);
	bad |= curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
	bad |= curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	bad |= curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	bad |= curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	bad |= curl_easy_setopt(curl, CURLOPT_USE_SSL,
	    (long)(account->security == ACCOUNT_CLEAR ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	/* Instead of the system's: libcurl would go on to trust its folder beside the file. */
	if (account->ca_file != NULL) {
		bad |= curl_easy_setopt(curl, CURLOPT_CAINFO, account->ca_file);
		bad |= curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
	}
	bad |= curl_easy_setopt(curl, CURLOPT_USERNAME, account->user == NULL ? "" : account->user);
	if (secret->is_token) {
		bad |= curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, secret->text);
		/* RFC 6749 section 2.3: without this libcurl would try a password too. */
		bad |= curl_easy_setopt(curl, CURLOPT_SASL_IR, 1L);
	} else
		bad |= curl_easy_setopt(curl, CURLOPT_PASSWORD, secret->text);
	if (bad != CURLE_OK)
		return err_stop(err, EXIT_CODE_CONFIG, "libcurl can't do this: %s", curl_easy_strerror(bad));
	return OK;
}

static enum link_trouble
trouble_of(const struct link *link, CURLcode code)
{
	if (link->mute || (code == CURLE_OPERATION_TIMEDOUT && link->connected > 0 && !link->heard))
		return LINK_MUTE;
	switch (code) {
	case CURLE_LOGIN_DENIED:
	case CURLE_AUTH_ERROR:
		return LINK_REFUSED;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_CIPHER:
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
		return LINK_WRONG;
	case CURLE_USE_SSL_FAILED:
		return LINK_NO_STARTTLS;
	case CURLE_SSL_CONNECT_ERROR:
		return LINK_NO_TLS;
	case CURLE_COULDNT_RESOLVE_HOST:
		return LINK_NO_NAME;
	case CURLE_ABORTED_BY_CALLBACK:
		return LINK_STOPPED;
	default:
		return LINK_BROKE;
	}
}

static enum status
tell_failure(struct link *link, CURLcode code, const struct account *account, struct err *err)
{
	const struct link_failure failure = {.kind = trouble_of(link, code),
	    .trouble = link->trouble[0] != '\0' ? link->trouble : curl_easy_strerror(code),
	    .said = link->said,
	    .waited = greeting_seconds(link)};

	return link_tell_failure(&failure, account, err);
}

enum status
link_open(struct link **out, const struct account *account, const struct secret *secret, bool (*stop)(void),
    struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct link *link = mem_zero(1, sizeof *link);
	enum status status;
	CURLcode code;

	*out = NULL;
	(void)pthread_once(&once, start_curl);
	link->timeout = account->timeout;
	link->stop = stop;
	link->curl = curl_easy_init();
	status = link->curl == NULL ? err_stop(err, EXIT_CODE_MEMORY, "cannot start libcurl")
				    : set_up(link, account, secret, err);
	if (status == OK) {
		code = curl_easy_perform(link->curl);
		if (code == CURLE_OK)
			code = curl_easy_getinfo(link->curl, CURLINFO_ACTIVESOCKET, &link->fd);
		if (code != CURLE_OK)
			status = tell_failure(link, code, account, err);
	}
	if (status != OK) {
		link_close(link);
		return status;
	}
	*out = link;
	return OK;
}

void
link_trust(const char **file, const char **folder)
{
	const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);

	*file = info->cainfo;
	*folder = info->capath;
}

void
link_close(struct link *link)
{
	if (link == NULL)
		return;
	/* libcurl takes such a connection for dead and says nothing on it. */
	curl_easy_cleanup(link->curl);
	free(link);
}

void
link_stop(struct link *link, bool (*stop)(void))
{
	link->stop = stop;
}

static bool
is_stopped(const struct link *link)
{
	return link->stop != NULL && link->stop();
}

static enum status
stopped(struct err *err)
{
	return err_stop(err, EXIT_CODE_TEMPORARY, "stopped by request");
}

/* Waits for the socket. SKIP: ms milliseconds are over. */
static enum status
wait_for(struct link *link, short events, int64_t ms, struct err *err)
{
	struct pollfd poller = {.fd = link->fd, .events = events};
	int64_t end = now_ms() + ms, left;

	for (;;) {
		if (is_stopped(link))
			return stopped(err);
		left = end - now_ms();
		if (left < 0)
			return SKIP;
		if (poll(&poller, 1, (int)(left < TICK ? left : TICK)) > 0)
			return OK;
	}
}

static enum status
broke(struct link *link, CURLcode code, struct err *err)
{
	return err_stop(err, EXIT_CODE_TEMPORARY, "the connection broke: %s",
	    link->trouble[0] != '\0' ? link->trouble : curl_easy_strerror(code));
}

/* Takes what is there without waiting. SKIP: nothing is. */
static enum status
take(struct link *link, struct err *err)
{
	size_t n = 0;
	CURLcode code;

	if (link->start == link->end)
		link->start = link->end = 0;
	if (link->end == INPUT && link->start > 0) {
		memmove(link->input, link->input + link->start, link->end - link->start);
		link->end -= link->start;
		link->start = 0;
	}
	link->trouble[0] = '\0';
	code = curl_easy_recv(link->curl, link->input + link->end, INPUT - link->end, &n);
	if (code == CURLE_AGAIN)
		return SKIP;
	if (code != CURLE_OK)
		return broke(link, code, err);
	if (n == 0)
		return err_stop(err, EXIT_CODE_TEMPORARY, "the server closed the connection");
	link->end += n;
	return OK;
}

/*
 * More input, waiting for it. libcurl is asked first: TLS may hold bytes that poll knows nothing of. A server
 * that never falls silent must not keep anybody from stopping.
 */
static enum status
fill(struct link *link, struct err *err)
{
	enum status status;

	for (;;) {
		status = is_stopped(link) ? stopped(err) : take(link, err);
		if (status != SKIP)
			return status;
		status = wait_for(link, POLLIN, (int64_t)link->timeout * 1000, err);
		if (status == SKIP)
			return err_stop(err, EXIT_CODE_TEMPORARY, "the server sent nothing for %u seconds",
			    link->timeout);
		if (status != OK)
			return status;
	}
}

/* A server that answers while it is still being asked must not wait for us, nor we for it. */
static enum status
make_room(struct link *link, struct err *err)
{
	enum status status = OK;

	if (link->end - link->start < INPUT)
		status = take(link, err);
	if (status > SKIP)
		return status;
	status = wait_for(link, link->end - link->start < INPUT ? POLLIN | POLLOUT : POLLOUT,
	    (int64_t)link->timeout * 1000, err);
	if (status == SKIP)
		return err_stop(
		    err, EXIT_CODE_TEMPORARY, "the server took nothing for %u seconds", link->timeout);
	return status;
}

enum status
link_send(struct link *link, const void *bytes, size_t len, struct err *err)
{
	const unsigned char *from = bytes;
	enum status status;
	CURLcode code;
	size_t n;

	while (len > 0) {
		n = 0;
		link->trouble[0] = '\0';
		code = curl_easy_send(link->curl, from, len, &n);
		if (code != CURLE_OK && code != CURLE_AGAIN)
			return broke(link, code, err);
		from += n;
		len -= n;
		if (code == CURLE_AGAIN) {
			status = make_room(link, err);
			if (status != OK)
				return status;
		}
	}
	return OK;
}

enum status
link_line(struct link *link, const char **line, size_t *len, struct err *err)
{
	const unsigned char *from, *end;
	enum status status;
	size_t seen = 0;

	for (;;) {
		from = link->input + link->start;
		end = memchr(from + seen, '\n', link->end - link->start - seen);
		if (end != NULL)
			break;
		seen = link->end - link->start;
		if (seen >= LINK_LINE)
			break;
		status = fill(link, err);
		if (status != OK)
			return status;
	}
	if (end == NULL || end - from > LINK_LINE)
		return err_set(err, LIMIT, "the server sent a line of more than %d bytes", LINK_LINE);
	link->start += (size_t)(end - from) + 1;
	*line = (const char *)from;
	*len = (size_t)(end - from);
	if (*len > 0 && from[*len - 1] == '\r')
		(*len)--;
	return OK;
}

enum status
link_bytes(struct link *link, const unsigned char **bytes, size_t *len, size_t max, struct err *err)
{
	enum status status;

	if (link->start == link->end) {
		status = fill(link, err);
		if (status != OK)
			return status;
	}
	*bytes = link->input + link->start;
	*len = link->end - link->start < max ? link->end - link->start : max;
	link->start += *len;
	return OK;
}

void
link_unread(struct link *link, size_t n)
{
	link->start -= n;
}

bool
link_has_input(struct link *link)
{
	return link->start < link->end;
}

enum status
link_wait(struct link *link, bool *ready, unsigned seconds, struct err *err)
{
	enum status status;

	*ready = true;
	if (link_has_input(link))
		return OK;
	status = take(link, err);
	if (status != SKIP)
		return status;
	status = wait_for(link, POLLIN, (int64_t)seconds * 1000, err);
	if (status == SKIP || (status == TEMP && is_stopped(link))) {
		*ready = false;
		return OK;
	}
	return status;
}
