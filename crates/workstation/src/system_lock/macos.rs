//! macOS posts notifications: the screen's lock and saver to every program, under names that Apple never documented and
//! never changed; sleep and the switch to another person's session in the shared workspace
//! (<https://developer.apple.com/documentation/appkit/nsworkspace>).
//!
//! They arrive on the main thread, in the window's own loop. The computer sleeps only once they are dealt with.
#![allow(unsafe_code, reason = "the observer is an Objective-C object, and notifications name its method at run time")]

use std::mem;

use dispatch2::DispatchQueue;
use objc2::{AnyThread, DefinedClass, define_class, msg_send, rc::Retained, runtime::NSObject, sel};
use objc2_app_kit::{NSWorkspace, NSWorkspaceSessionDidResignActiveNotification, NSWorkspaceWillSleepNotification};
use objc2_foundation::{NSDistributedNotificationCenter, NSNotification, NSNotificationSuspensionBehavior, NSString};

/// Posted when the screen is locked, and when its saver starts.
const SCREEN: [&str; 2] = ["com.apple.screenIsLocked", "com.apple.screensaver.didstart"];

type Lock = Box<dyn Fn() + Send + Sync>;

define_class!(
    // SAFETY: NSObject may be subclassed, and this class has no Drop.
    #[unsafe(super(NSObject))]
    #[name = "ShadowchartSystemLock"]
    #[ivars = Lock]
    struct Observer;

    impl Observer {
        // SAFETY: a notification's method takes the notification and gives nothing.
        #[unsafe(method(heard:))]
        fn heard(&self, _notification: &NSNotification) {
            (self.ivars())();
        }
    }
);

impl Observer {
    fn new(lock: Lock) -> Retained<Self> {
        let this = Self::alloc().set_ivars(lock);
        // SAFETY: NSObject's `init` takes nothing and gives the object.
        unsafe { msg_send![super(this), init] }
    }
}

/// Locks when macOS says so, until the program ends.
pub(super) fn follow(lock: impl Fn() + Send + Sync + 'static) {
    DispatchQueue::main().exec_async(move || observe(Box::new(lock)));
}

fn observe(lock: Lock) {
    let observer = Observer::new(lock);
    let everybody = NSDistributedNotificationCenter::defaultCenter();
    for name in SCREEN {
        // SAFETY: the observer is never freed and has the method. At once, because a program that is not in front would
        // otherwise hear of a lock only after it.
        unsafe {
            everybody.addObserver_selector_name_object_suspensionBehavior(
                &observer,
                sel!(heard:),
                Some(&NSString::from_str(name)),
                None,
                NSNotificationSuspensionBehavior::DeliverImmediately,
            );
        }
    }
    let workspace = NSWorkspace::sharedWorkspace().notificationCenter();
    // SAFETY: the names are AppKit's constants; the observer is never freed and has the method.
    unsafe {
        for name in [NSWorkspaceWillSleepNotification, NSWorkspaceSessionDidResignActiveNotification] {
            workspace.addObserver_selector_name_object(&observer, sel!(heard:), Some(name), None);
        }
    }
    // A centre does not hold on to whoever observes it.
    mem::forget(observer);
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use objc2_foundation::NSNotificationCenter;

    use super::*;

    #[test]
    fn sleep_and_a_switched_session_lock_the_desk_before_they_go_on() {
        let locks = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&locks);
        observe(Box::new(move || {
            counted.fetch_add(1, Ordering::SeqCst);
        }));
        let workspace: Retained<NSNotificationCenter> = NSWorkspace::sharedWorkspace().notificationCenter();
        // SAFETY: the names are AppKit's constants.
        unsafe {
            workspace.postNotificationName_object(NSWorkspaceWillSleepNotification, None);
            workspace.postNotificationName_object(NSWorkspaceSessionDidResignActiveNotification, None);
        }
        assert_eq!(locks.load(Ordering::SeqCst), 2);
    }
}
