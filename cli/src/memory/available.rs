//! The memory that this process may still use: what the system, its control groups and its own limits leave.

use std::path::Path;

/// Bytes that the process may still use; none if the system does not tell.
///
/// That is the least of what the system has available, what the limits of each control group (versions 1 and 2) leave, and
/// what the limit of the address space leaves.
pub fn available(threads: usize) -> Option<u64> {
    available_below(Path::new("/"), threads)
}

/// Bytes of address space that the process may still use (`ulimit -v`), if that is limited. Each of `threads` threads will
/// take some for its own.
pub fn address_space(threads: usize) -> Option<u64> {
    address_space_below(Path::new("/"), threads)
}

/// Address space that a thread takes: its stack, and what the allocator reserves for it.
const THREAD: u64 = 68 << 20;

/// [`available`] with the system's files in this folder.
fn available_below(root: &Path, threads: usize) -> Option<u64> {
    let system = field(&root.join("proc/meminfo"), "MemAvailable:");
    [system, control_groups(root), address_space_below(root, threads)].into_iter().flatten().min()
}

fn address_space_below(root: &Path, threads: usize) -> Option<u64> {
    Some(unused_addresses(root)?.saturating_sub(threads as u64 * THREAD))
}

/// What the limit of the address space leaves now.
fn unused_addresses(root: &Path) -> Option<u64> {
    let limits = std::fs::read_to_string(root.join("proc/self/limits")).ok()?;
    let limit = limits.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    let limit: u64 = limit.split_whitespace().next()?.parse().ok()?;
    Some(limit.saturating_sub(field(&root.join("proc/self/status"), "VmSize:")?))
}

/// A number of kibibytes in a file of names and values, in bytes.
fn field(file: &Path, name: &str) -> Option<u64> {
    let text = std::fs::read_to_string(file).ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix(name))?;
    let number: u64 = value.trim().strip_suffix("kB")?.trim().parse().ok()?;
    number.checked_mul(1024)
}

/// What the control groups of the process leave.
fn control_groups(root: &Path) -> Option<u64> {
    let groups = std::fs::read_to_string(root.join("proc/self/cgroup")).ok()?;
    let mount = root.join("sys/fs/cgroup");
    let left = groups.lines().filter_map(|line| {
        let (_, line) = line.split_once(':')?;
        let (controllers, path) = line.split_once(':')?;
        if controllers.is_empty() {
            VERSION_2.left(&mount, path)
        } else if controllers.split(',').any(|controller| controller == "memory") {
            VERSION_1.left(&mount.join("memory"), path)
        } else {
            None
        }
    });
    left.min()
}

/// The files of a version of control groups.
struct Version {
    limit: &'static str,
    used: &'static str,
    /// Of what is used, the name of what the system can take back.
    reclaimable: &'static str,
}

const VERSION_1: Version =
    Version { limit: "memory.limit_in_bytes", used: "memory.usage_in_bytes", reclaimable: "total_inactive_file" };

const VERSION_2: Version = Version { limit: "memory.max", used: "memory.current", reclaimable: "inactive_file" };

impl Version {
    /// What a group and those that it is in leave. In a container the path may be that of the system outside: then the mount
    /// point itself is the group.
    fn left(&self, mount: &Path, path: &str) -> Option<u64> {
        let groups = Path::new(path.trim_start_matches('/')).ancestors().map(|group| mount.join(group));
        groups.filter_map(|group| self.left_in(&group)).min()
    }

    fn left_in(&self, group: &Path) -> Option<u64> {
        let number = |file: &str| std::fs::read_to_string(group.join(file)).ok()?.trim().parse::<u64>().ok();
        let (limit, used) = (number(self.limit)?, number(self.used)?);
        let statistics = std::fs::read_to_string(group.join("memory.stat")).unwrap_or_default();
        let reclaimable = statistics
            .lines()
            .find_map(|line| line.strip_prefix(self.reclaimable)?.strip_prefix(' ')?.trim().parse().ok());
        Some(limit.saturating_sub(used.saturating_sub(reclaimable.unwrap_or(0))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is available in a system of these files.
    fn system(files: &[(&str, &str)], threads: usize) -> Option<u64> {
        let root = tempfile::tempdir().unwrap();
        for (name, content) in files {
            let path = root.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        available_below(root.path(), threads)
    }

    const MEMORY: (&str, &str) = ("proc/meminfo", "MemTotal:  9000 kB\nMemAvailable:    8000 kB\n");

    #[test]
    fn the_tightest_limit_counts() {
        assert_eq!(system(&[], 4), None);
        assert_eq!(system(&[MEMORY], 4), Some(8000 << 10));
        let second = [
            MEMORY,
            ("proc/self/cgroup", "0::/a/b\n"),
            ("sys/fs/cgroup/a/b/memory.max", "max\n"),
            ("sys/fs/cgroup/a/b/memory.current", "5\n"),
            ("sys/fs/cgroup/a/memory.max", "4096000\n"),
            ("sys/fs/cgroup/a/memory.current", "96000\n"),
            ("sys/fs/cgroup/a/memory.stat", "anon 1\ninactive_file 6000\n"),
        ];
        assert_eq!(system(&second, 4), Some(4_006_000));
        let first = [
            MEMORY,
            ("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/outside\n"),
            ("sys/fs/cgroup/memory/memory.limit_in_bytes", "3000000\n"),
            ("sys/fs/cgroup/memory/memory.usage_in_bytes", "1000000\n"),
            ("sys/fs/cgroup/memory/memory.stat", "total_inactive_file 1000\n"),
        ];
        assert_eq!(system(&first, 4), Some(2_001_000));
    }

    #[test]
    fn threads_take_their_part_of_the_address_space() {
        let limited = |limit: &str, threads| {
            let limits =
                format!("Limit  Soft Limit  Hard Limit  Units\nMax address space         {limit}  {limit}  bytes\n");
            let status = "VmPeak:\t   90 kB\nVmSize:\t   1024 kB\n";
            system(&[("proc/self/limits", &limits), ("proc/self/status", status)], threads)
        };
        assert_eq!(limited("unlimited", 1), None);
        assert_eq!(limited("104857600", 1), Some((99 << 20) - THREAD));
        assert_eq!(limited("104857600", 9), Some(0));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_system_tells() {
        assert!(available(1).is_some_and(|bytes| bytes > 1 << 20));
    }
}
