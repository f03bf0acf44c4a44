/*
 * clocks: a library that a test preloads into a program whose clocks are to run ahead: by the seconds in the
 * file $CLOCKS, of the wall clock and of the monotonic one. A machine that slept is ahead with the first one
 * only.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int
clock_gettime(clockid_t clock, struct timespec *to)
{
	const char *name = getenv("CLOCKS");
	FILE *file = name == NULL ? NULL : fopen(name, "r");
	long wall = 0, monotonic = 0;

	if (file != NULL && fscanf(file, "%ld %ld", &wall, &monotonic) != 2)
		abort();
	if (file != NULL)
		(void)fclose(file);
	if (syscall(SYS_clock_gettime, clock, to) != 0)
		return -1;
	to->tv_sec += clock == CLOCK_REALTIME ? wall : clock == CLOCK_MONOTONIC ? monotonic : 0;
	return 0;
}
