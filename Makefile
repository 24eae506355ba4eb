# SPDX-License-Identifier: GPL-2.0
#
# Conveniences. What builds the modules is Kbuild; what gets kernels and
# decides whether there is anything to do are the scripts in scripts/.
# `make help` lists the targets; the text after "##" is what it prints.

MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

# A KDIR names a kernel of one's own.
KERNEL_NAME ?= $(if $(KDIR),custom,6.12)
# What kbuild and the scripts read from the environment
export KDIR KERNEL W C CHECK V
# For a make within make: as many jobs as CPUs, unless -j was said
jobs = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

B := build$(if $(SAN),/san)
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' $(1) $@)

CFLAGS ?= -O2 -g
WERROR ?= -Werror
cc-flags := -std=gnu11 -D_GNU_SOURCE -Wall -Wextra $(WERROR) $(CFLAGS) \
	-isystem /usr/include/libxml2 \
	$(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all)
libs := -larchive -ldw -lelf -linih -ljansson -lxml2 -lpthread -lm

##@ The two that matter

.PHONY: run
run: deps ## torture the patterns in a virtual machine, say what held
	$(Q)$(MAKE) -s --no-print-directory $(jobs) harness init
	$(Q)build/lastref run --kernel $(KERNEL_NAME) $(if $(TIME),--time $(TIME)) $(ARGS)

.PHONY: check
check: deps ## all tests: harness, style, every kernel
	$(Q)$(MAKE) -s --no-print-directory $(jobs) harness init
	$(Q)scripts/check

.PHONY: bench
bench: deps ## what the engine costs, against the kernel's own, in one boot
	$(Q)$(MAKE) -s --no-print-directory $(jobs) harness init
	$(Q)build/lastref bench --kernel $(KERNEL_NAME) $(ARGS)

.PHONY: matrix
matrix: deps ## every kernel in every way to boot it, in less than an hour
	$(Q)$(MAKE) -s --no-print-directory $(jobs) harness init
	$(Q)build/lastref matrix $(ARGS)

##@ Parts

.PHONY: all
all: harness init modules ## what `make run` builds (this is what plain `make` does)

.PHONY: modules
modules: ## the kernel module, in build/modules/
	$(Q)scripts/prepare $(KERNEL_NAME) > /dev/null

.PHONY: harness
harness: $(B)/lastref ## the lastref command, build/lastref

.PHONY: init
init: build/init ## PID 1 of the virtual machine, build/init

.PHONY: harness-tests
harness-tests: ## the harness's own tests, in build/tests/

.PHONY: native
native: ## the patterns in user space, with and without sanitizers: builds and runs them
	$(Q)selftests/native/run

.PHONY: models
models: ## the algorithms as Spin models: runs them
	$(Q)models/run

.PHONY: selftests
selftests: ## the kselftest programs, installed in build/selftests/
	$(Q)$(MAKE) -s --no-print-directory -C selftests tree INSTALL_TREE=$(CURDIR)/build/selftests

.PHONY: debug-kernel
debug-kernel: deps ## the kernel with KASAN, lockdep and the like, once, in the cache
	$(Q)scripts/get-kernel debug

.PHONY: deps
deps: ## the Debian packages: installs them as root, else says which
	$(Q)scripts/deps

##@ On a machine of one's own

.PHONY: modules_install
modules_install: export LASTREF_TESTS = n
modules_install: KDIR := $(or $(KDIR),/lib/modules/$(shell uname -r)/build)
modules_install: ## build for KDIR and install there; the running kernel unless KDIR is given
	$(Q)scripts/build-modules $(KDIR) build/modules/install
	$(Q)$(MAKE) --no-print-directory -C $(KDIR) M=$(CURDIR)/build/modules/install modules_install

.PHONY: install
install: modules_install ## the same; build/lastref works from the clone and is not copied

##@ For those who work on lastref

.PHONY: style
style: ## checkpatch, sparse, W=1, shellcheck
	$(Q)scripts/check-style

.PHONY: docs
docs: $(patsubst %.rst,build/docs/%.html,$(notdir $(wildcard Documentation/*.rst))) ## Documentation/ as HTML, in build/docs/

.PHONY: compile_commands.json
compile_commands.json: harness init modules ## for clangd and the like
	$(Q)scripts/compile-commands build/modules/$(KERNEL_NAME) > $@

.PHONY: clean
clean: ## remove what was built; kernels in the cache and results/ stay
	$(Q)rm -rf build compile_commands.json

.PHONY: distclean
distclean: clean ## and results/ as well
	$(Q)rm -rf results

.PHONY: help
help: ## this list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s:\n", substr($$0, 5) } \
		/^[a-z_.-]+:.*## / { printf "  %-22s %s\n", $$1, $$2 } \
		/^#= / { split($$0, v, " = "); printf "  %-22s %s\n", substr(v[1], 4), v[2] }' \
		$(firstword $(MAKEFILE_LIST))

##@ Variables
#= KERNEL_NAME=NAME = run, modules: 6.12 (default), 6.1, debug; vm-images/kernels.conf
#= KDIR=DIRECTORY = run, modules: a kernel of your own, its build directory ...
#= KERNEL=FILE = run: ... and its bzImage or vmlinux
#= TIME=SECONDS = run: how long each right form is tortured
#= ARGS="..." = run: more words for build/lastref run; ARGS=--help lists them
#= W=1 C=1 V=1 = modules: warnings, sparse, the commands
#= SAN=address,undefined = harness: with sanitizers, in build/san/

build/docs/%.html: Documentation/%.rst
	@mkdir -p $(@D)
	$(call say,RST)
	$(Q)rst2html --halt=warning --smart-quotes=no $< $@

# The harness. Everything but main.o is a library, for the tests link it too.
harness-objs := $(patsubst harness/%.c,$(B)/harness/%.o,$(wildcard harness/*.c))
$(B)/harness.a: $(filter-out %/main.o,$(harness-objs))
	$(call say,AR)
	$(Q)rm -f $@.part && $(AR) rcs $@.part $^ && mv $@.part $@
$(B)/lastref: $(B)/harness/main.o $(B)/harness.a
	$(call say,LD)
	$(Q)$(CC) $(cc-flags) $(LDFLAGS) -o $@ $^ $(libs)
$(B)/harness/%.o: harness/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(cc-flags) $(CPPFLAGS) -MMD -MP -c -o $@ $<

# A test is a program of its own.
tests := $(patsubst harness/tests/%.c,$(B)/tests/%,$(wildcard harness/tests/*.c))
harness-tests: $(tests)
$(tests): $(B)/tests/%: $(B)/tests/%.o $(B)/harness.a
	$(call say,LD)
	$(Q)$(CC) $(cc-flags) $(LDFLAGS) -o $@ $^ $(libs)
$(B)/tests/%.o: harness/tests/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(cc-flags) $(CPPFLAGS) -Iharness -MMD -MP -c -o $@ $<

# PID 1 is static: there is nothing else in the guest to link with.
init-objs := $(patsubst vm-images/init/%.c,build/init.d/%.o,$(wildcard vm-images/init/*.c))
build/init: $(init-objs)
	$(call say,LD)
	$(Q)$(CC) -static $(LDFLAGS) -o $@ $^
build/init.d/%.o: vm-images/init/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE -Wall -Wextra $(WERROR) $(CFLAGS) -MMD -MP -c -o $@ $<

-include $(harness-objs:.o=.d) $(tests:=.d) $(init-objs:.o=.d)
