// SPDX-License-Identifier: GPL-2.0
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "kernel.h"
#include "library.h"
#include "paths.h"

static void list_json(const struct library *l)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < l->count; i++) {
		const struct scenario *s = l->scenarios[i];

		json_t *one = json_pack("{s:s, s:s, s:s, s:s?, s:b, s:i, s:i, s:i}",
					"name", s->name, "about", s->about,
					"expect", expect_name(s->expect),
					"kernels", s->kernels, "tour", s->tour,
					"cpus", (int)s->cpus, "memory", (int)s->memory,
					"steps", (int)scenario_count_steps(s, 0));

		json_array_append_new(list, one);
	}
	json_dumpf(list, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(list);
}

static void list_text(const struct library *l, const struct kernel_name *kernels,
		      size_t nr_kernels)
{
	int width = 0;
	size_t i;

	for (i = 0; i < l->count; i++)
		if ((int)strlen(l->scenarios[i]->name) > width)
			width = strlen(l->scenarios[i]->name);
	printf("Scenarios (* in the default tour):\n");
	for (i = 0; i < l->count; i++) {
		const struct scenario *s = l->scenarios[i];

		printf("%c %-*s %-7s %s%s%s%s\n", s->tour ? '*' : ' ', width, s->name,
		       expect_name(s->expect), s->about, s->kernels ? " [only " : "",
		       s->kernels ? s->kernels : "", s->kernels ? "]" : "");
	}
	printf("\nKernels (--kernel):\n");
	for (i = 0; i < nr_kernels; i++)
		printf("  %-*s %s\n", width, kernels[i].name, kernels[i].about ? kernels[i].about : "");
}

static int list_all(const struct options *o)
{
	struct kernel_name *kernels;
	struct errbuf err;
	struct library l;
	size_t count;

	if (!paths_root(&err) || library_load(&l, &err)) {
		fprintf(stderr, "lastref: %s\n", err.text);
		return EXIT_HARNESS;
	}
	kernels = kernel_list(&count, &err);
	if (o->json)
		list_json(&l);
	else
		list_text(&l, kernels, count);
	kernel_list_free(kernels, count);
	library_free(&l);
	return EXIT_PASSED;
}

const struct command command_list = {
	.name = "list",
	.operands = "",
	.about = "Show the scenarios and kernels there are, and what each scenario foretells",
	.text = "A scenario is a file in vm-images/scenarios; harness/scenario.h tells its\n"
		"grammar.\n",
	.options = OPT_BIT(OPT_JSON),
	.run = list_all,
};
