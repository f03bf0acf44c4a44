/*
 * classify: which kind of mail a record tells of, with the evidence in words. Pure: a profile and what is
 * known of its sender in, a class out. The rules are in docs/advice.md; where a receiver's word and the
 * results that it lists differ, the word counts for the volume and the class is MAIL_INCONSISTENT.
 */
#ifndef DMARCQ_ANALYSIS_CLASSIFY_H
#define DMARCQ_ANALYSIS_CLASSIFY_H

#include "analysis/alignment.h"
#include "analysis/senders.h"

enum mail_class {
	/* Passes DMARC. */
	MAIL_FULL,      /* by DKIM and by SPF */
	MAIL_DKIM_ONLY, /* by DKIM alone, from a sender */
	MAIL_SPF_ONLY,  /* by SPF alone: dies at the first forward */
	MAIL_FORWARDED, /* by DKIM alone, passed on by somebody else */
	/* Fails, and somebody has to do something. */
	MAIL_LIST,    /* modified on its way by a mailing list or forwarder */
	MAIL_SERVICE, /* authenticated for a known service, not for the domain */
	MAIL_TENANT,  /* authenticated for the owner's own tenant at a provider (onmicrosoft.com,
			 gappssmtp.com) */
	MAIL_UNKNOWN, /* authenticated for an organisation or tenant that nobody knows: to be reviewed */
	MAIL_BROKEN,  /* the domain's own signature or SPF fails at a sender that works, or used to */
	/* Fails, and nobody has to. */
	MAIL_TEMPORARY,    /* only because of DNS that didn't answer */
	MAIL_SPOOFED,      /* nothing says that it is the owner's */
	MAIL_INCONSISTENT, /* the receiver's verdict is not what its own results give */
	MAIL_UNTOLD,       /* the record has no verdict */
	MAIL_CLASSES
};

/* Stable words for programs ("dkim-only") and for people ("passes by DKIM alone"). */
const char *mail_class_word(enum mail_class class);
const char *mail_class_title(enum mail_class class);

/* What one profile says, read once. Texts are borrowed from the profile or from senders. */
struct mail_facts {
	struct str header_from;
	struct str source; /* the service or organisation behind it (sources.h); data NULL: its address */
	const struct sender *service; /* of senders.tsv, where source is one */
	enum outcome outcome;         /* by the receiver's word */
	enum action action;
	bool dkim, spf;                 /* the receiver says aligned pass */
	bool dkim_counted, spf_counted; /* the same worked out again by the published modes */
	bool dkim_strict, spf_strict;   /* ... if both modes were strict */
	bool dkim_relaxed, spf_relaxed;
	bool near;           /* fails only because a mode is strict: the organisation is right */
	bool contradicted;   /* receiver and recount differ */
	bool told_forwarded; /* override forwarded or trusted_forwarder */
	bool told_list;      /* override mailing_list, or local_policy with arc=pass */
	bool overridden;     /* any override reason */
	bool temporary;      /* a temperror, and nothing else that would explain the failure */
	/* A signature of the domain's own organisation, one that passes before one that does not: its d= and
	 * selector (empty: not told); data NULL: there is none. */
	struct str own_domain, own_selector;
	bool own_passes, own_broken; /* some such signature passes, some has another result */
	bool other_dkim, other_spf;  /* some result passes for another organisation */
	bool own_spf_bad;            /* SPF was checked for the domain's own organisation and did not pass */
	struct str other;            /* the domain of that other pass, */
	bool other_named;            /* which names the service */
	struct str tenant; /* the same when it is that of a tenant at a provider; data NULL: it isn't */
	bool tenant_named; /* ... whose name tells that it is the domain's own */
	const struct sender *spf_service; /* for which SPF passes */
	struct modes modes;
	const struct profile *profile;
};

void mail_facts(struct mail_facts *facts, const struct senders *senders, const struct profile *profile,
    struct modes modes);

/* Whether a domain is that of a tenant at a provider, "contoso.onmicrosoft.com": anyone can have one, beside
 * others that send through the same servers. */
bool mail_is_tenant(struct str domain);

/* What the last 180 days know of the sender of a record: of mail that passed by aligned SPF, or by DKIM at a
 * known service. A pass by DKIM alone proves less, anyone can send a signed mail again: only an address that
 * passed so on three days counts. What one reporter alone tells, without authentication, counts for its own
 * records alone. */
struct mail_history {
	bool source_passed;  /* mail of this source passed, or of two addresses of its network, */
	bool address_passed; /* and mail of this very address did */
	bool address_spf;    /* ... by SPF */
	bool address_relays; /* ... but only by signatures whose keys are of the domain's own servers, never
				by SPF: it passes mail on */
	bool source_relays; /* mail of this source passed by such signatures alone, without SPF, or a receiver
			       called it a list or forwarder */
	bool tenant_own;    /* the tenant stood beside a pass of the domain's own */
	bool selector_own;  /* the key of the signature (own_domain, own_selector) also passes from senders
			       whose SPF is aligned, so it is one of the domain's own servers */
};

/* What the owner said of a source (store/decision.h). */
enum mail_decision { DECISION_NONE, DECISION_OURS, DECISION_NOT_OURS, DECISION_FORWARDER };

enum mail_class mail_classify(
    const struct mail_facts *facts, const struct mail_history *history, enum mail_decision decision);

/* What failing mail of the owner lacks most. */
enum mail_fault {
	FAULT_SPF,       /* its server isn't listed */
	FAULT_SIGNATURE, /* it is signed, and the signature doesn't hold */
	FAULT_MODE       /* all holds, but for a domain that strict alignment doesn't take */
};
enum mail_fault mail_fault(const struct mail_facts *facts);

enum { MAIL_EVIDENCE = 400 };
/*
 * Why it is of this class, a sentence without a full stop: "SPF and DKIM pass for sendgrid.net, neither
 * aligned with example.com", "DKIM example.com/s2023 fails; this address passed before". Its length.
 */
size_t mail_evidence(char to[MAIL_EVIDENCE], const struct mail_facts *facts,
    const struct mail_history *history, enum mail_class class);

#endif
