/*
 * budget: one purse for all containers of one input, however they are nested. Memory is flat without it; what
 * it bounds is time, and what the parsers behind are given.
 */
#include "unpack/budget.h"

void
unpack_budget_init(struct unpack_budget *budget, const struct limits *limits, uint64_t packed)
{
	budget->limits = limits;
	budget->packed = packed;
	budget->unpacked = 0;
	budget->members = 0;
}

enum status
budget_take(struct unpack_budget *budget, uint64_t len, struct err *err)
{
	const struct limits *limits = budget->limits;

	budget->unpacked += len;
	if (budget->unpacked > limits->unpacked_bytes)
		return err_set(err, LIMIT, "unpacks to more than %llu bytes (limit unpacked-bytes)",
		    (unsigned long long)limits->unpacked_bytes);
	if (budget->unpacked > limits->unpack_free &&
	    budget->unpacked / limits->unpack_ratio > budget->packed)
		return err_set(err, LIMIT,
		    "unpacks to more than %llu times its packed size (limit unpack-ratio)",
		    (unsigned long long)limits->unpack_ratio);
	return OK;
}

void
budget_return(struct unpack_budget *budget, uint64_t len)
{
	budget->unpacked -= len;
}

enum status
budget_member(struct unpack_budget *budget, struct err *err)
{
	budget->members++;
	if (budget->members > budget->limits->members)
		return err_set(err, LIMIT, "more than %llu members (limit members)",
		    (unsigned long long)budget->limits->members);
	return OK;
}
