#!/usr/bin/env bash
# Type-checks what is written for Windows and macOS, on Debian 12: its security updates bring a compiler with the sources of
# its own standard library, which cargo checks first. Nothing is linked, and C is not compiled: where a C compiler is asked
# for, an empty object is given. Takes seven minutes, the second time seconds.
set -euo pipefail
cd "$(dirname "$0")/.."
place=$(realpath -m "${CARGO_TARGET_DIR:-target}")/other-systems
mkdir -p "$place/tools" "$place/openssl"/{include/openssl,lib}

if [ ! -x "$place/debian/usr/bin/rustc" ]; then
  library=$(apt-cache depends rustc-web | sed -n 's/.*Depends: \(libstd-rust-web-dev\)/\1/p')
  version=$(apt-cache depends "$library" | sed -n 's/.*Depends: \(libstd-rust-web-[0-9.]*\)/\1/p')
  llvm=$(apt-cache depends "$version" | sed -n 's/.*Depends: \(libllvm[0-9]*\)/\1/p')
  (cd "$place" && apt-get download rustc-web rust-web-src "$library" "$version" "$llvm")
  for package in "$place"/*.deb; do dpkg-deb -x "$package" "$place/debian"; done
fi

cat > "$place/tools/rustc" <<END
#!/bin/sh
LD_LIBRARY_PATH=$place/debian/usr/lib/x86_64-linux-gnu exec $place/debian/usr/bin/rustc --sysroot $place/debian/usr "\$@"
END
cat > "$place/tools/cc" <<'END'
#!/bin/bash
for word in "$@"; do [ "$word" = -E ] && exec gcc "$@"; done
while (($#)); do
  case $1 in -o) : > "$2" ;; -o*) : > "${1#-o}" ;; esac
  shift
done
END
cat > "$place/tools/ar" <<'END'
#!/bin/bash
for word in "$@"; do
  word=${word#-out:}
  case $word in *.a | *.lib) : > "$word"; exit ;; esac
done
END
chmod +x "$place"/tools/*

export RUSTC="$place/tools/rustc" RUSTC_BOOTSTRAP=1 OPENSSL_DIR="$place/openssl"
for system in x86_64-pc-windows-msvc aarch64-apple-darwin; do
  name=${system//-/_}
  export "CC_$name=$place/tools/cc" "CXX_$name=$place/tools/cc" "AR_$name=$place/tools/ar"
  echo "$system"
  cargo check --locked --target "$system" --target-dir "$place/built" -Zbuild-std=std,panic_unwind -p vault -p workstation
done
