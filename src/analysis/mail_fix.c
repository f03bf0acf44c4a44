/* mail_fix: what the owner can do about mail of a class. A class is a case; one without a case needs nothing.
 */
#include "analysis/mail.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { NAME = 120 /* bytes of a text from outside */ };

static size_t say(char to[MAIL_FIX], const char *format, ...) __attribute__((format(printf, 2, 3)));

static size_t
say(char to[MAIL_FIX], const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(to, MAIL_FIX, format, args);
	va_end(args);
	return len < 0 ? 0 : (size_t)len >= MAIL_FIX ? MAIL_FIX - 1 : (size_t)len;
}

static int
shown(struct str text)
{
	return text.len > NAME ? NAME : (int)text.len;
}

/* How a known service is made to align, else what has to come out of it. */
static size_t
say_align(char to[MAIL_FIX], const struct sender *service, struct str domain)
{
	if (service != NULL && service->hint.len > 0)
		return say(to, "%.*s", (int)service->hint.len, service->hint.data);
	return say(to,
	    "Have it sign with DKIM as d=%.*s, or bounce to a name below it that its own SPF record lists.",
	    shown(domain), domain.data);
}

static size_t
say_broken(char to[MAIL_FIX], enum mail_fault fault, struct str domain)
{
	switch (fault) {
	case FAULT_SIGNATURE:
		return say(to,
		    "Compare the key in DNS with the one that signs, and look for what changes mail after "
		    "it is signed (gateways, footers).");
	case FAULT_MODE:
		return say(to,
		    "Publish relaxed alignment (adkim=r, aspf=r), or sign and bounce as %.*s itself.",
		    shown(domain), domain.data);
	case FAULT_SPF:
		break;
	}
	return say(to, "Add the server to the SPF record of %.*s, and have it sign with DKIM.", shown(domain),
	    domain.data);
}

/* Nothing that a shell would take for more than a word between quotes. */
static bool
is_plain(struct str text)
{
	static const char special[] = "'\"`$\\!*?;&|<>~\x7f";
	size_t i;

	for (i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] < ' ' || strchr(special, text.data[i]) != NULL)
			return false;
	return text.len > 0 && text.len <= NAME && text.data[0] != '-';
}

static size_t
say_review(char to[MAIL_FIX], struct str source, struct str domain)
{
	if (!is_plain(source) || !is_plain(domain))
		return say(to, "Find out whose it is, and say so with dmarcq mark.");
	return say(to,
	    "Find out whose it is, and say so: dmarcq mark '%.*s' ours --domain %.*s --note WHY (or "
	    "not-ours, "
	    "forwarder).",
	    shown(source), source.data, shown(domain), domain.data);
}

static size_t
say_sign(char to[MAIL_FIX], const struct sender *service, enum mail_fault fault, struct str domain)
{
	if (service != NULL && !sender_passes_on(service))
		return say_align(to, service, domain);
	if (fault == FAULT_SIGNATURE)
		return say(to,
		    "Compare the key in DNS with the one that signs: without a signature that holds, "
		    "this mail is lost when it is forwarded.");
	return say(to, "Have it sign with DKIM as d=%.*s: SPF alone is lost when mail is forwarded.",
	    shown(domain), domain.data);
}

size_t
mail_fix(char to[MAIL_FIX], const struct mail_source *source, enum mail_class class, enum mail_fault fault,
    struct str domain)
{
	to[0] = '\0';
	if (source->decision == DECISION_NOT_OURS || source->decision == DECISION_FORWARDER)
		return 0;
	switch (class) {
	case MAIL_SERVICE:
	case MAIL_TENANT:
		return say_align(to, source->service, domain);
	case MAIL_UNKNOWN:
		if (source->decision == DECISION_OURS)
			return say_align(to, source->service, domain);
		return say_review(to, source->name, domain);
	case MAIL_BROKEN:
		return say_broken(to, fault, domain);
	case MAIL_SPF_ONLY:
		return say_sign(to, source->service, fault, domain);
	case MAIL_TEMPORARY:
		return say(to, "Look at the name servers of %.*s if this goes on: receivers got no answer.",
		    shown(domain), domain.data);
	default:
		return 0;
	}
}
