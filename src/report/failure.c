/* failure: the words that are stored of a failure report. */
#include "report/failure.h"

const char *
failure_form_word(enum failure_form form)
{
	static const char *const words[] = {
	    [FAILURE_ARF] = "arf", [FAILURE_INLINE] = "inline", [FAILURE_WORDS] = "words"};

	return words[form];
}

const char *
failure_list_word(enum failure_list list)
{
	static const char *const words[FAILURE_LISTS] = {
	    [FAILURE_RCPT_TO] = "original-rcpt-to",
	    [FAILURE_REPORTED_DOMAIN] = "reported-domain",
	    [FAILURE_REPORTED_URI] = "reported-uri",
	    [FAILURE_SPF_DNS] = "spf-dns",
	    [FAILURE_DKIM_SELECTOR_DNS] = "dkim-selector-dns",
	    [FAILURE_DKIM_ADSP_DNS] = "dkim-adsp-dns",
	    [FAILURE_DKIM_HEADER] = "dkim-canonicalized-header",
	    [FAILURE_DKIM_BODY] = "dkim-canonicalized-body",
	};

	return words[list];
}

bool
failure_is_authentication(const struct failure *failure)
{
	return str_eq(failure->field[FAILURE_TYPE], "auth-failure");
}
