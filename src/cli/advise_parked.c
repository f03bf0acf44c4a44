/* advise_parked: domains that are said to send no mail (`parked` of [advice]), by the letters of the
 * configuration. */
#include "cli/advise_parked.h"

#include "base/words.h"
#include "cli/options.h"
#include "query/query.h"
#include "store/store.h"

#include <stdio.h>
#include <string.h>

enum { DOMAIN_TEXT = 256 };

/* The next word, without a last dot; its length is 0 behind the last. */
static struct str
next_word(const char **words)
{
	struct str word;

	*words += strspn(*words, " \t");
	word = (struct str){*words, strcspn(*words, " \t")};
	*words += word.len;
	if (word.len > 0 && word.data[word.len - 1] == '.')
		word.len--;
	return word;
}

bool
advise_is_parked(const char *words, struct str domain)
{
	struct str word;

	while (words != NULL && (word = next_word(&words)).len > 0)
		if (word.len == domain.len && text_same_nocase(word.data, word.len, domain.data))
			return true;
	return false;
}

/* A word, looked for among the domains that reports are about. */
struct looked {
	char word[DOMAIN_TEXT], best[DOMAIN_TEXT];
	bool found;
	int64_t domains;
};

static void
look_at(void *data, struct str domain)
{
	struct looked *looked = data;
	const char *best = looked->best[0] != '\0' ? looked->best : NULL;
	char text[DOMAIN_TEXT];

	looked->domains++;
	looked->found = looked->found || (domain.len == strlen(looked->word) &&
					     text_same_nocase(looked->word, domain.len, domain.data));
	(void)snprintf(text, sizeof text, "%.*s", (int)domain.len, domain.data);
	word_nearest(&best, looked->word, text);
	if (best == text)
		(void)snprintf(looked->best, sizeof looked->best, "%s", text);
}

enum status
advise_parked_tell(const struct context *context, const char *words, struct err *err)
{
	struct looked looked;
	struct str word;
	struct err note;
	int64_t domains = 0;
	enum status status = words == NULL ? OK : query_domains(&domains, store_db(context->store), err);

	while (status == OK && words != NULL && (word = next_word(&words)).len > 0) {
		looked = (struct looked){.domains = 0};
		(void)snprintf(looked.word, sizeof looked.word, "%.*s", (int)word.len, word.data);
		status = query_suggest(store_db(context->store), SUGGEST_DOMAINS, look_at, &looked, err);
		/* Of very many domains only the first are handed over. */
		if (status != OK || looked.found || looked.domains < domains)
			continue;
		(void)err_set(&note, SKIP, "no reports about it%s%s",
		    looked.best[0] != '\0' ? "; near it: " : "", looked.best);
		(void)err_at(&note, "[advice] parked: %s", looked.word);
		context_message(context, &note);
	}
	return status;
}
