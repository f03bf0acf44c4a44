/* secret: passwords and tokens from where people keep them. */
#include "mailbox/secret.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum status
secret_get(struct secret *secret, const struct account *account, struct err *err)
{
	const char *text = getenv("DMARCQ_PASSWORD");

	*secret = (struct secret){NULL, false};
	(void)account;
	if (text == NULL)
		return err_stop(err, EXIT_CODE_CONFIG, "no password");
	secret->text = mem_copy(text);
	return OK;
}

void
secret_free(struct secret *secret)
{
	if (secret->text != NULL)
		explicit_bzero(secret->text, strlen(secret->text));
	free(secret->text);
	secret->text = NULL;
}
